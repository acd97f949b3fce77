# Hands messages to Request Tracker's mail gateway, in a database of its own, and prints as JSON what
# became of them:
#   RT_SITE_CONFIG=site.pm perl rt_judge.pl rt_threads.pm MESSAGE...
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';

use JSON;
use RT -init;
use RT::Attachments;
use RT::Interface::Email;
use RT::Tickets;

my ($threads, @files) = @ARGV;
require $threads;

my $queue = RT::Queue->new(RT->SystemUser);
$queue->Load('General');
my $everyone = RT::Group->new(RT->SystemUser);
$everyone->LoadSystemInternalGroup('Everyone');
$everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue)
    for qw(CreateTicket ReplyToTicket);

for my $file (@files) {
    open my $in, '<:raw', $file or die "$file: $!";
    my $message = do { local $/; <$in> };
    my ($status, $said) = RT::Interface::Email::Gateway(
        { message => $message, queue => 'General', action => 'correspond' });
    die "$file: $said" unless $status == 1;
}

my @told;
my $tickets = RT::Tickets->new(RT->SystemUser);
$tickets->FromSQL('id > 0');
$tickets->OrderBy(FIELD => 'id', ORDER => 'ASC');
while (my $ticket = $tickets->Next) {
    my @messages;
    my $transactions = $ticket->Transactions;
    while (my $one = $transactions->Next) {
        next unless $one->Type eq 'Create' or $one->Type eq 'Correspond';
        push @messages, { subject => $one->Subject, text => $one->Content(Wrap => 998) };
    }
    push @told, { id => $ticket->Id + 0, subject => $ticket->Subject, messages => \@messages };
}
print encode_json(\@told), "\n";
