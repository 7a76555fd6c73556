// Walk: what the documents tell a newcomer to do, done once with the real programs on the sandbox,
// with everything that they said.
#ifndef GSH_TESTS_SEEDS_WALK_H_
#define GSH_TESTS_SEEDS_WALK_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/status.h"
#include "gsh/testing/fakes.h"
#include "gsh/testing/sandbox.h"
#include "src/testing/temporary_directory.h"
#include "tests/support/running_program.h"

namespace gsh::seeds {

// Whose words a fact is looked for in.
enum class Voice {
  kDirector,       // the director's log
  kSampleBands,    // the log of a director with the ranges that seed 000 shows
  kMatchFunction,  // the match function's log
  kFirstPlayer,    // the first player's terminal
  kLastPlayer,     // the terminal of the last one who joined the game
  kGameServers,    // the sandbox's log of game servers, as `kubectl get gameservers --watch`
  kDirectorHelp,   // --help of each program
  kMatchFunctionHelp,
  kClientHelp,
  kServerHelp,
  kProbeTls,  // gsh-allocator-probe, before there was a server
  kProbeAllocate,
  kProbeMulticluster,
};

class Walk {
 public:
  // Two games of four: near us-east-1, and near us-east-2. Fatal assertions fail the test.
  Walk();

  // Lines, each with its end.
  const std::string& Said(Voice voice) const { return said_[static_cast<std::size_t>(voice)]; }

  // Servers as they were while the first game was on.
  const std::vector<testing::SandboxGameServer>& servers() const { return servers_; }
  // What the allocator answered before there was a server, for one, and for several clusters.
  const Status& nothing_to_allocate() const { return nothing_to_allocate_; }
  const StatusOr<agones::Allocation>& allocation() const { return allocation_; }
  const testing::SandboxGameServer& allocated() const { return allocated_; }
  const Status& multicluster() const { return multicluster_; }
  const std::vector<std::string>& folders() const { return folders_; }

 private:
  using Program = testing::RunningProgram;

  void Do();
  void AskAllocator();
  std::string Probe(std::vector<std::string> args) const;
  void StartServices();
  void RunSampleBands();
  std::vector<std::unique_ptr<Program>> Play(const std::vector<std::string>& latencies);
  void Chat(const std::vector<std::unique_ptr<Program>>& players);
  void Leave(std::vector<std::unique_ptr<Program>> players);
  std::vector<std::string> DirectorFlags(std::vector<std::string> more) const;
  void Keep(Voice voice, std::string text) {
    said_[static_cast<std::size_t>(voice)] = std::move(text);
  }

  const testing::TemporaryDirectory dir_;
  testing::RecordingLog log_;
  std::unique_ptr<testing::Sandbox> sandbox_;
  std::unique_ptr<Program> match_function_;
  std::unique_ptr<Program> director_;
  int match_function_port_ = 0;
  std::vector<std::string> said_;
  std::vector<testing::SandboxGameServer> servers_;
  Status nothing_to_allocate_;
  StatusOr<agones::Allocation> allocation_ = UnknownError("not asked");
  testing::SandboxGameServer allocated_;
  Status multicluster_;
  std::vector<std::string> folders_;
};

}  // namespace gsh::seeds

#endif  // GSH_TESTS_SEEDS_WALK_H_
