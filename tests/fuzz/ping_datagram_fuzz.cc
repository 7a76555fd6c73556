// Datagrams that come back, or come from nowhere, while latency is measured.
#include "gsh/rng.h"
#include "src/agones_rest/latency/ping_ledger.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  using std::chrono::milliseconds;
  gsh::fuzz::Input input(data, size);
  gsh::agones_rest::PingLedger ledger(milliseconds(50), gsh::SystemRng());
  gsh::SteadyTime now{};
  std::string last;
  int sent = 0;
  int counted = 0;
  while (!input.empty() && sent < 200) {
    now += milliseconds(input.TakeBelow(16));
    switch (input.TakeBelow(4)) {
      case 0:
        last = ledger.Send(now);
        ++sent;
        break;
      case 1:
        counted += ledger.Receive(last, now) ? 1 : 0;
        break;
      case 2: {
        std::string changed = last;
        if (!changed.empty()) changed[input.TakeBelow(changed.size())] ^= 1;
        Require(!ledger.Receive(changed, now), "what was not sent is no answer");
        break;
      }
      default:
        Require(!ledger.Receive(input.TakeWord(), now), "nobody guesses an answer");
    }
  }
  gsh::agones_rest::RegionLatency result;
  ledger.Fill(result);
  Require(result.sent == sent, "every sample counts");
  Require(result.sent - result.lost == counted, "an answer counts once");
  Require(result.minimum.has_value() == (counted > 0), "a time is of an answer");
  Require(!result.median || *result.minimum <= *result.median, "the least is the least");
  return 0;
}
