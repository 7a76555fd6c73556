// Tickets read in place: what the generated parser takes is read alike.
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/openmatch/convert.h"
#include "src/openmatch/wire_ticket.h"
#include "src/proto/openmatch.h"
#include "tests/fuzz/fuzz.h"

namespace gsh {
namespace {

using fuzz::Require;

const std::array<std::string, 3> kArgs = {"latency-a", "latency-b", "x"};

bool SameDouble(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// False if the bytes were refused.
bool CheckRead(std::string_view bytes, const wire_openmatch::Ticket& wire) {
  std::array<double, kArgs.size()> values{};
  values.fill(std::numeric_limits<double>::quiet_NaN());
  openmatch::WireTicket ticket;
  if (!openmatch::ReadWireTicket(bytes, kArgs, values, ticket)) return false;
  Require(ticket.id == wire.id(), "the id is the parser's");
  Require(ticket.tags == static_cast<std::size_t>(wire.search_fields().tags_size()),
          "so is the number of tags");
  const auto& args = wire.search_fields().double_args();
  for (std::size_t i = 0; i < kArgs.size(); ++i) {
    const auto found = args.find(kArgs[i]);
    Require(found == args.end() ? std::isnan(values[i]) : SameDouble(values[i], found->second),
            "so is each double arg");
  }
  return true;
}

// False if the bytes were refused.
bool CheckTexts(std::string_view bytes, const wire_openmatch::Ticket& wire) {
  std::array<std::string_view, kArgs.size()> texts{};
  std::optional<WallTime> created;
  if (!openmatch::ReadWireTexts(bytes, kArgs, texts, created)) return false;
  const auto& args = wire.search_fields().string_args();
  for (std::size_t i = 0; i < kArgs.size(); ++i) {
    const auto found = args.find(kArgs[i]);
    Require((found == args.end()) == (texts[i].data() == nullptr), "a string arg is there or not");
    Require(found == args.end() || texts[i] == found->second, "its text is the parser's");
  }
  Require(created == openmatch::FromWire(wire_openmatch::Ticket(wire)).create_time,
          "the time is the parser's");
  return true;
}

}  // namespace
}  // namespace gsh

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = gsh::fuzz::TextOf(data, size);
  gsh::wire_openmatch::Ticket wire;
  if (!wire.ParseFromArray(data, static_cast<int>(size))) {
    std::array<double, gsh::kArgs.size()> values{};
    gsh::openmatch::WireTicket ticket;
    (void)gsh::openmatch::ReadWireTicket(bytes, gsh::kArgs, values, ticket);
    std::array<std::string_view, gsh::kArgs.size()> texts{};
    std::optional<gsh::WallTime> created;
    (void)gsh::openmatch::ReadWireTexts(bytes, gsh::kArgs, texts, created);
    return 0;
  }
  (void)gsh::CheckRead(bytes, wire);  // groups among the unknown fields are refused
  (void)gsh::CheckTexts(bytes, wire);
  gsh::wire_openmatch::Ticket known;
  gsh::openmatch::ToWire(gsh::openmatch::FromWire(std::move(wire)), known);
  const std::string written = known.SerializeAsString();
  gsh::fuzz::Require(gsh::CheckRead(written, known) && gsh::CheckTexts(written, known),
                     "what the serialiser writes is read");
  return 0;
}
