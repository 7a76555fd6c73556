// Matchmaking: the match function and the director of the library in this process, over real
// sockets, with options that make a test quick.
#ifndef GSH_TESTS_FAULTS_MATCHMAKING_H_
#define GSH_TESTS_FAULTS_MATCHMAKING_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gsh/director/director.h"
#include "gsh/openmatch/match_function.h"
#include "gsh/openmatch/query.h"
#include "tests/faults/arena.h"

namespace gsh::faults {

// Where its clients connect to; empty: to the sandbox itself.
struct MatchmakingEndpoints {
  std::string allocator = {};
  std::string backend = {};
  std::string frontend = {};
  std::string query = {};
};

class Matchmaking {
 public:
  Matchmaking(const Arena& arena, const MatchmakingEndpoints& endpoints);
  ~Matchmaking();

  // How often it happened, and how many tickets those events named.
  int Count(director::Event::Kind kind) const;
  std::size_t Tickets(director::Event::Kind kind) const;

 private:
  void StartMatchFunction(const Arena& arena, const std::string& query);
  void Connect(const Arena& arena, const MatchmakingEndpoints& endpoints);
  director::DirectorOptions Options(const Arena& arena);

  std::unique_ptr<openmatch::Query> query_;
  std::unique_ptr<openmatch::MatchFunctionServer> match_function_;
  std::unique_ptr<openmatch::Backend> backend_;
  std::unique_ptr<openmatch::Frontend> frontend_;
  std::unique_ptr<agones::Allocator> allocator_;
  std::unique_ptr<director::Director> director_;
  mutable std::mutex mutex_;
  std::map<director::Event::Kind, int> events_;
  std::map<director::Event::Kind, std::size_t> tickets_;
  std::jthread thread_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_MATCHMAKING_H_
