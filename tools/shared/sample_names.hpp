// Who makes and who supplies the devices of the sample list. All of them are invented.
#pragma once

#include <array>
#include <string_view>

namespace cpl::sample {

struct Manufacturer {
  std::string_view name;
  unsigned code;           // Far from the codes that the ZigBee Alliance gives out.
  std::string_view makes;  // E, G, C, P, H, S: the first letters of the device types.
};
inline constexpr std::array<Manufacturer, 40> manufacturers = {{
    {"Aldersyke Meters Ltd", 0x9A01, "EGP"},   {"Brackendene Instruments", 0x9A1C, "EG"},
    {"Calderfold Energy Ltd", 0x9A27, "E"},    {"Dunmarrow Metering plc", 0x9A33, "EGPH"},
    {"Eskerton Gas Measurement", 0x9A4E, "G"}, {"Fenwright Controls Ltd", 0x9A58, "HS"},
    {"Garsdyke Electronics", 0x9A6B, "PH"},    {"Hollinbeck Hubs Ltd", 0x9A70, "C"},
    {"Inverdoran Systems", 0x9A8D, "EC"},      {"Jarrowhythe Displays", 0x9A92, "P"},
    {"Kestrelmoor Ltd", 0x9AA5, "EGPHS"},      {"Larkenshaw Power", 0x9ABE, "E"},
    {"Merrowdale Meters GmbH", 0x9AC4, "EG"},  {"Netherquay Radio Ltd", 0x9AD9, "CP"},
    {"Oakenstile Metrology", 0x9AE2, "G"},     {"Penhallick Smart Ltd", 0x9AF7, "EPS"},
    {"Quarrendale Energy", 0x9B03, "E"},       {"Ravensgarth Meters SA", 0x9B18, "EG"},
    {"Saltmarrow Controls", 0x9B2A, "HS"},     {"Thornewick Ltd", 0x9B36, "EGC"},
    {"Ulverdean Instruments", 0x9B41, "G"},    {"Vellanmoor Displays Ltd", 0x9B5F, "P"},
    {"Wharramside Metering", 0x9B64, "EGP"},   {"Yarrowholme Energy AB", 0x9B7B, "ES"},
    {"Zennorcombe Systems", 0x9B80, "EH"},     {"Ashlingford Metering", 0x9B99, "EG"},
    {"Birkenthwaite Radio", 0x9BA3, "C"},      {"Corriehame Ltd", 0x9BB8, "EP"},
    {"Dallowgill Power BV", 0x9BC6, "E"},      {"Embsaylea Gas Ltd", 0x9BD1, "G"},
    {"Foxholdene Electronics", 0x9BEC, "PHS"}, {"Gunnerdale Meters", 0x9BF5, "EG"},
    {"Hazelrigg Instruments", 0x9C0A, "E"},    {"Ildertonshaw Ltd", 0x9C14, "GP"},
    {"Kirkmichen Controls", 0x9C29, "HS"},     {"Lowickstead Energy", 0x9C3D, "EG"},
    {"Murragh Metering Ltd", 0x9C47, "EGS"},   {"Nunwickmere Displays", 0x9C52, "P"},
    {"Otterbourne Vale Hubs", 0x9C6E, "C"},    {"Plumbrook Metrology SpA", 0x9C78, "EG"},
}};

inline constexpr std::array<std::string_view, 8> suppliers = {
    "Amberley Energy",  "Brightwater Power", "Cotswold Home Energy", "Dovecote Supply",
    "Evergreen Retail", "Foxglove Energy",   "Greenfinch Power",     "Harbourlight Supply"};

// What a generation of devices follows: technical specification and GBCS version go together.
struct Era {
  std::string_view smets, chts, ppmidts, hcalcsts, sapcts, gbcs;
};
inline constexpr std::array<Era, 4> eras = {{{"V2.0", "V1.0", "V1.0", "V1.0", "V1.0", "2.0"},
                                             {"V3.1", "V1.2", "V1.1", "V1.1", "V1.0", "2.1"},
                                             {"V4.2", "V1.3", "V1.2", "V1.2", "V1.0", "3.2"},
                                             {"V5.1", "V1.4", "V5.1", "V5.1", "V1.1", "4.1"}}};

}  // namespace cpl::sample
