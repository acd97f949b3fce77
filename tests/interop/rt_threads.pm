# Request Tracker finds a ticket by a tag in the subject that it gave itself. Whoever else writes
# names the first message of the thread (RFC 5322, References). Put this into
# /usr/local/share/request-tracker5/lib/RT/Interface/Email_Local.pm.
package RT::Interface::Email;

use strict;
use warnings;
no warnings 'redefine';

my $by_subject = \&ParseTicketId;

*ParseTicketId = sub {
    my ($subject, $entity) = @_;
    my $id = $by_subject->($subject, $entity);
    return $id if $id or not $entity;
    my $named = join ' ', map { $entity->head->get($_) // '' } qw(References In-Reply-To);
    for my $name ($named =~ /<([^<>\s]+)>/g) {
        my $messages = RT::Attachments->new(RT->SystemUser);
        # RT keeps a message's id with the line end behind it.
        $messages->Limit(FIELD => 'MessageId', OPERATOR => 'STARTSWITH', VALUE => $name);
        while (my $message = $messages->Next) {
            next unless $message->MessageId =~ /\A\Q$name\E\s*\z/;
            return $message->TransactionObj->ObjectId;
        }
    }
    return;
};

1;
