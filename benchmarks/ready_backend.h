// ReadyBackend: an openmatch::Backend in memory that has so many matches ready, to measure what
// comes after.
#ifndef GSH_BENCHMARKS_READY_BACKEND_H_
#define GSH_BENCHMARKS_READY_BACKEND_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/engines.h"
#include "gsh/any.h"
#include "gsh/mmf/latency_match_function.h"
#include "gsh/openmatch/backend.h"

namespace gsh::benchmarks {

class ReadyBackend final : public openmatch::Backend {
 public:
  explicit ReadyBackend(std::size_t matches) : matches_(matches) {}

  void FetchMatchesAsync(openmatch::FunctionConfig, openmatch::MatchProfile profile, CallOptions,
                         std::function<void(openmatch::Match)> on_match,
                         DoneCallback done) override {
    DefaultExecutor()->Post([this, profile = std::move(profile.name),
                             on_match = std::move(on_match), done = std::move(done)] {
      for (std::size_t i = 0; i < matches_; ++i) on_match(Match(profile, i));
      done(OkStatus());
    });
  }

  void AssignTicketsAsync(
      std::vector<openmatch::AssignmentGroup>, CallOptions,
      std::function<void(StatusOr<std::vector<openmatch::AssignmentFailure>>)> done) override {
    DefaultExecutor()->Post(
        [done = std::move(done)] { done(std::vector<openmatch::AssignmentFailure>()); });
  }
  void ReleaseTicketsAsync(std::vector<std::string>, CallOptions, DoneCallback done) override {
    DefaultExecutor()->Post([done = std::move(done)] { done(OkStatus()); });
  }
  void ReleaseAllTicketsAsync(CallOptions, DoneCallback done) override {
    DefaultExecutor()->Post([done = std::move(done)] { done(OkStatus()); });
  }

 private:
  static openmatch::Match Match(const std::string& profile, std::size_t number) {
    const std::string id = std::to_string(number);
    openmatch::Match match{.id = "match-" + id, .profile = profile};
    for (int player = 0; player < 4; ++player) {
      match.tickets.push_back({.id = "ticket-" + id + "-" + std::to_string(player)});
    }
    match.extensions[mmf::kRegionExtension] = AnyString(Regions()[number % Regions().size()]);
    return match;
  }

  const std::size_t matches_;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_READY_BACKEND_H_
