// Matchmaking: our match function and director, running in the benchmark's process over the
// engines' sockets.
#ifndef GSH_BENCHMARKS_MATCHMAKING_H_
#define GSH_BENCHMARKS_MATCHMAKING_H_

#include <memory>
#include <thread>

#include "benchmarks/engines.h"
#include "gsh/agones/allocator.h"
#include "gsh/director/director.h"
#include "gsh/openmatch/backend.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/query.h"
#include "gsh/status.h"

namespace gsh::benchmarks {

class Matchmaking {
 public:
  // Each service has a channel of its own. `options` needs no ports: backend, function, regions and
  // (if it is null) allocator are filled in.
  static StatusOr<std::unique_ptr<Matchmaking>> Make(const Engines& engines,
                                                     director::DirectorOptions options = {});
  ~Matchmaking() { Stop(); }

  director::Director& director() { return *director_; }
  // Runs the director on a thread of its own, until Stop().
  void Start();
  void Stop();

 private:
  Matchmaking() = default;

  std::unique_ptr<openmatch::Query> query_;
  std::unique_ptr<openmatch::MatchFunctionServer> match_function_;
  std::unique_ptr<openmatch::Backend> backend_;
  std::unique_ptr<agones::Allocator> allocator_;
  std::unique_ptr<director::Director> director_;
  std::jthread thread_;
};

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_MATCHMAKING_H_
