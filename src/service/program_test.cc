// The frame as people meet it: argv, environment and file in; exit code, stderr and probes out.
#include "src/service/program.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "src/testing/temporary_directory.h"

namespace gsh::service {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class ScopedEnv {
 public:
  ScopedEnv(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~ScopedEnv() { unsetenv(name_); }
  ScopedEnv(const ScopedEnv&) = delete;
  ScopedEnv& operator=(const ScopedEnv&) = delete;

 private:
  const char* name_;
};

class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest() : program_("gsh-test", "Tests.", "  gsh-test -backendAddr h\n") {
    program_.Flag("backendAddr", addr_, "host of the backend");
    program_.Flag("backendPort", port_, "port of the backend");
    program_.Flag("interval", interval_, "seconds");
    program_.Flag("p", short_, "a short one");
    program_.Flag("label", labels_, "key=value, repeatable");
    program_.Switch("multicluster", multicluster_, "a switch");
  }

  int Run(
      const std::vector<std::string>& args,
      const std::function<Status(Program&)>& body = [](Program&) { return OkStatus(); }) {
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    std::vector<std::string> words = args;
    words.insert(words.begin(), "gsh-test");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    const int code = program_.Main(static_cast<int>(argv.size()), argv.data(), body);
    stdout_ = ::testing::internal::GetCapturedStdout();
    stderr_ = ::testing::internal::GetCapturedStderr();
    return code;
  }
  void WriteConfig(const std::string& text) { std::ofstream(file_) << text; }

  std::string addr_ = "default-host";
  int port_ = 50505;
  double interval_ = 5;
  int short_ = 0;
  std::vector<std::string> labels_;
  bool multicluster_ = false;
  Program program_;
  const testing::TemporaryDirectory dir_;
  const std::string file_ = dir_.File("config.ini");
  std::string stdout_;
  std::string stderr_;
};

TEST_F(ProgramTest, DefaultsAndGiven) {
  EXPECT_EQ(Run({"-backendPort", "1"}), kExitOk);
  EXPECT_EQ(addr_, "default-host");
  EXPECT_EQ(port_, 1);
  EXPECT_TRUE(program_.Given("backendPort"));
  EXPECT_TRUE(program_.Given("backend-port"));
  EXPECT_FALSE(program_.Given("backendAddr"));
  EXPECT_FALSE(program_.Given("nonsense"));
}

TEST_F(ProgramTest, EverySpelling) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"-backendAddr", "x"},
                                                                 {"--backendAddr", "x"},
                                                                 {"--backend-addr=x"},
                                                                 {"-backend-addr=x"}}) {
    Program program("gsh-test", "", "");
    std::string addr;
    program.Flag("backendAddr", addr, "");
    EXPECT_EQ(program.Main(words, [](Program&) { return OkStatus(); }), kExitOk);
    EXPECT_EQ(addr, "x") << words[0];
  }
}

TEST_F(ProgramTest, ShortNegativeRepeatedAndEmptyValues) {
  EXPECT_EQ(Run({"-p", "123", "-interval", "-5", "--label", "a=b", "-label=c=d", "-multicluster",
                 "-backendAddr=", "-backendPort", "1", "-backendPort", "2"}),
            kExitOk);
  EXPECT_EQ(short_, 123);
  EXPECT_EQ(interval_, -5);
  EXPECT_THAT(labels_, ElementsAre("a=b", "c=d"));
  EXPECT_TRUE(multicluster_);
  EXPECT_EQ(addr_, "");
  EXPECT_EQ(port_, 2);  // the last counts, as in the Go samples
}

TEST_F(ProgramTest, SwitchesTakeValuesToo) {
  multicluster_ = true;
  EXPECT_EQ(Run({"-multicluster=false"}), kExitOk);
  EXPECT_FALSE(multicluster_);
}

TEST_F(ProgramTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  WriteConfig("backendAddr = file\nbackend-port = 3\ninterval = 7\nlabel = x\nlabel = y,z\n");
  const ScopedEnv addr("GSH_BACKEND_ADDR", "env");
  const ScopedEnv port("GSH_BACKEND_PORT", "2");
  const ScopedEnv multicluster("GSH_MULTICLUSTER", "true");
  EXPECT_EQ(Run({"--config", file_, "--backend-addr", "flag"}), kExitOk);
  EXPECT_EQ(addr_, "flag");
  EXPECT_EQ(port_, 2);
  EXPECT_EQ(interval_, 7);
  EXPECT_TRUE(multicluster_);
  EXPECT_THAT(labels_, ElementsAre("x", "y,z"));
  EXPECT_TRUE(program_.Given("interval"));
}

TEST_F(ProgramTest, TheFileMayBeNamedByTheEnvironment) {
  WriteConfig("interval = 7\n");
  const ScopedEnv config("GSH_CONFIG", file_.c_str());
  EXPECT_EQ(Run({}), kExitOk);
  EXPECT_EQ(interval_, 7);
}

TEST_F(ProgramTest, UsageErrorsExitWith2AndSayWhere) {
  EXPECT_EQ(Run({"-backendAdr", "x"}), kExitUsage);
  EXPECT_EQ(stderr_,
            "gsh-test: unknown flag -backendAdr (did you mean --backend-addr?)\n"
            "Try 'gsh-test --help'.\n");
  EXPECT_EQ(stdout_, "");
  EXPECT_EQ(Run({"-backendPort", "many"}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("--backend-port: 'many' is no such value"));
  EXPECT_EQ(Run({"extra", "more"}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("unexpected argument 'extra', 'more'"));
  EXPECT_EQ(Run({"-backendPort"}), kExitUsage);
  EXPECT_EQ(Run({"--log-format", "xml"}), kExitUsage);
  EXPECT_EQ(Run({"--config", "/nowhere.ini"}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("/nowhere.ini"));
  EXPECT_EQ(Run({"--metrics-address", "nonsense"}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("--metrics-address: "));
  WriteConfig("backend-hostname = x\n");
  EXPECT_EQ(Run({"--config", file_}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr(file_ + ":1: unknown key backend-hostname"));
}

TEST_F(ProgramTest, WholeNumbersHaveALeastValue) {
  std::uint64_t seed = 1;
  int count = 3;
  program_.Flag("seed", seed, "any")->check(WholeNumberFrom(0));
  program_.Flag("count", count, "some")->check(WholeNumberFrom(2));
  EXPECT_EQ(Run({"--seed", "18446744073709551615", "--count", "2"}), kExitOk);
  EXPECT_EQ(seed, 18446744073709551615u);
  EXPECT_EQ(count, 2);
  for (const std::string bad : {"-1", "1", "two", "2.5", "3 ", "0x10"}) {
    EXPECT_EQ(Run({"--count", bad}), kExitUsage) << bad;
    EXPECT_THAT(stderr_, HasSubstr("--count: Value " + bad + " is no whole number from 2 up\n"));
  }
  EXPECT_EQ(Run({"--seed", "-1"}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("--seed: Value -1 is no whole number from 0 up\n"));
  EXPECT_EQ(Run({"--seed", "18446744073709551616"}), kExitUsage);
  EXPECT_EQ(Run({"--count", "2147483648"}), kExitUsage);
}

TEST_F(ProgramTest, BadValuesNameTheirOrigin) {
  {
    const ScopedEnv port("GSH_BACKEND_PORT", "many");
    EXPECT_EQ(Run({}), kExitUsage);
    EXPECT_THAT(stderr_, HasSubstr("(from environment GSH_BACKEND_PORT)"));
    EXPECT_EQ(Run({"--help"}), kExitOk);  // help comes all the same
    EXPECT_THAT(stdout_, HasSubstr("--backend-port"));
    EXPECT_EQ(Run({"--version"}), kExitOk);
    EXPECT_EQ(stdout_, "gsh-test 0.1.0\n");
    EXPECT_EQ(Run({"--", "-h"}), kExitUsage);
  }
  WriteConfig("\nbackend-port = many\n");
  EXPECT_EQ(Run({"--config", file_}), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("(from " + file_ + ":2)"));
}

TEST_F(ProgramTest, HelpAndVersion) {
  bool ran = false;
  EXPECT_EQ(Run({"-help"}, [&](Program&) { return ran = true, OkStatus(); }), kExitOk);
  EXPECT_THAT(stdout_, AllOf(HasSubstr("--backend-addr,--backendAddr"), HasSubstr("default-host"),
                             HasSubstr("GSH_BACKEND_ADDR"), HasSubstr("gsh-test -backendAddr h"),
                             HasSubstr("--metrics-address"), HasSubstr("--log-format")));
  EXPECT_EQ(Run({"--version"}, [&](Program&) { return ran = true, OkStatus(); }), kExitOk);
  EXPECT_EQ(stdout_, "gsh-test 0.1.0\n");
  EXPECT_EQ(stderr_, "");
  EXPECT_FALSE(ran);
}

TEST_F(ProgramTest, TheBodysStatusIsTheExitCode) {
  EXPECT_EQ(Run({}, [](Program&) { return InvalidArgumentError("--regions: 9-3"); }), kExitUsage);
  EXPECT_THAT(stderr_, StartsWith("gsh-test: --regions: 9-3\n"));
  EXPECT_EQ(Run({}, [](Program&) { return UnavailableError("down"); }), kExitFailed);
  EXPECT_EQ(stderr_, "gsh-test: UNAVAILABLE: down\n");
  EXPECT_EQ(Run({}, [](Program&) { return CancelledError("by itself"); }), kExitFailed);
  EXPECT_EQ(Run({"--log-format=json"}, [](Program&) { return UnavailableError("down"); }),
            kExitFailed);
  EXPECT_EQ(nlohmann::json::parse(stderr_)["message"], "UNAVAILABLE: down");
}

TEST_F(ProgramTest, WhatAServerRefusesIsNoUsageError) {
  const auto body = [](int attempts) {
    return [attempts](Program&) {
      return Status(StatusCode::kInvalidArgument, "no such receipt",
                    {.service = "S", .operation = "Op", .attempts = attempts});
    };
  };
  EXPECT_EQ(Run({}, body(1)), kExitFailed);
  EXPECT_THAT(stderr_, AllOf(StartsWith("gsh-test: INVALID_ARGUMENT: no such receipt (S.Op"),
                             Not(HasSubstr("--help"))));
  EXPECT_EQ(Run({}, body(0)), kExitUsage);  // it was not sent
  EXPECT_THAT(stderr_, HasSubstr("--help"));
}

TEST_F(ProgramTest, UsageErrorsPointToTheHelpOfTheirSubcommand) {
  CLI::App* const send = program_.cli().add_subcommand("queue", "")->add_subcommand("send", "");
  std::string text;
  send->add_option("text", text, "")->required();
  EXPECT_EQ(Run({"queue", "send"}), kExitUsage);
  EXPECT_EQ(stderr_, "gsh-test: text is required\nTry 'gsh-test queue send --help'.\n");
}

TEST_F(ProgramTest, NoExceptionGetsOut) {
  EXPECT_EQ(Run({}, [](Program&) -> Status { throw std::runtime_error("oops"); }), kExitFailed);
  EXPECT_THAT(stderr_, HasSubstr("oops"));
  EXPECT_EQ(Run({}, [](Program&) -> Status { throw 5; }), kExitFailed);
}

TEST_F(ProgramTest, LogsToStderr) {
  EXPECT_EQ(Run({"--log-level", "error"},
                [](Program& p) {
                  Log(&p.log(), LogLevel::kInfo, "not this");
                  p.Line("Fetching matches for 2 profiles", {{"profiles", "2"}});
                  return OkStatus();
                }),
            kExitOk);
  EXPECT_THAT(stderr_, MatchesRegex("[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} "
                                    "Fetching matches for 2 profiles\n"));
  EXPECT_EQ(Run({"--log-format", "json"},
                [](Program& p) {
                  p.Line("Fetching matches for 2 profiles", {{"profiles", "2"}});
                  return OkStatus();
                }),
            kExitOk);
  EXPECT_EQ(nlohmann::json::parse(stderr_)["profiles"], "2");
}

// Waits (real time) for a stop that a signal's own thread asks for.
bool WaitForStop(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any asked;
  std::unique_lock lock(mutex);
  asked.wait_for(lock, stop, std::chrono::seconds(20), [] { return false; });
  return stop.stop_requested();
}

TEST_F(ProgramTest, SignalsAskToStop) {
  for (int signal : {SIGTERM, SIGINT}) {
    Program program("gsh-test", "", "");
    const int code = program.Main(std::vector<std::string>(), [&](Program& p) -> Status {
      raise(SIGPIPE);  // ignored
      raise(signal);
      return WaitForStop(p.stop()) ? CancelledError("stopped") : InternalError("not stopped");
    });
    EXPECT_EQ(code, kExitOk);
  }
}

TEST_F(ProgramTest, AnErrorAfterASignalIsStillAnError) {
  EXPECT_EQ(Run({},
                [](Program& p) {
                  raise(SIGTERM);
                  WaitForStop(p.stop());
                  return InternalError("could not release");
                }),
            kExitFailed);
}

// Without the fixture, whose directory the process that ends at once would leave behind.
TEST(ProgramDeathTest, ASecondSignalEndsAtOnce) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  Program program("gsh-test", "", "");
  EXPECT_EXIT(program.Main(std::vector<std::string>(),
                           [](Program& p) {
                             raise(SIGTERM);
                             WaitForStop(p.stop());
                             for (;;) raise(SIGTERM);
                             return OkStatus();
                           }),
              ::testing::ExitedWithCode(1), "");
}

TEST_F(ProgramTest, OneRequestDeliveredTwiceIsOne) {
  EXPECT_EQ(Run({},
                [](Program& p) {
                  raise(SIGINT);
                  raise(SIGINT);
                  return WaitForStop(p.stop()) ? OkStatus() : InternalError("not stopped");
                }),
            kExitOk);
}

TEST_F(ProgramTest, HandlersAreGoneAfterMain) {
  EXPECT_EQ(Run({}), kExitOk);
  struct sigaction action = {};
  sigaction(SIGTERM, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

std::string Get(int port, const std::string& target, const std::string& method = "GET") {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return "no server";
  const std::string request =
      method + " " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer;
  char chunk[4096];
  for (ssize_t count = 0; (count = read(fd, chunk, sizeof chunk)) > 0;) {
    answer.append(chunk, static_cast<std::size_t>(count));
  }
  close(fd);
  return answer;
}

TEST_F(ProgramTest, ProbesAndMetrics) {
  int port = 0;
  EXPECT_EQ(Run({"--metrics-address", ":0"},
                [&](Program& p) {
                  port = p.metrics_port();
                  EXPECT_THAT(Get(port, "/livez"), StartsWith("HTTP/1.1 200"));
                  EXPECT_THAT(Get(port, "/readyz"), StartsWith("HTTP/1.1 503"));
                  p.SetReady(true);
                  EXPECT_THAT(Get(port, "/readyz"), StartsWith("HTTP/1.1 200"));
                  p.metrics().Add("gsh_rounds_total", 3, {});
                  EXPECT_THAT(
                      Get(port, "/metrics"),
                      AllOf(HasSubstr("Content-Type: text/plain; version=0.0.4"),
                            HasSubstr("gsh_rounds_total 3\n"),
                            HasSubstr("gsh_build_info{program=\"gsh-test\",version=\"0.1.0\"} 1")));
                  p.Serve("/explain", [](const std::string& query) {
                    return Program::Reply{.code = 404, .body = "no " + query};
                  });
                  EXPECT_THAT(Get(port, "/explain?ticket=a%20b"),
                              AllOf(StartsWith("HTTP/1.1 404"), EndsWith("no ticket=a%20b")));
                  EXPECT_THAT(Get(port, "/other"), StartsWith("HTTP/1.1 404"));
                  EXPECT_THAT(Get(port, "/livez", "POST"),
                              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET, HEAD")));
                  raise(SIGTERM);
                  EXPECT_TRUE(WaitForStop(p.stop()));
                  EXPECT_THAT(Get(port, "/readyz"), StartsWith("HTTP/1.1 503"));
                  EXPECT_THAT(Get(port, "/livez"), StartsWith("HTTP/1.1 200"));
                  return OkStatus();
                }),
            kExitOk);
  EXPECT_EQ(Get(port, "/livez"), "no server");
}

TEST_F(ProgramTest, NoMetricsAddressNoServer) {
  EXPECT_EQ(Run({},
                [](Program& p) {
                  EXPECT_EQ(p.metrics_port(), 0);
                  return OkStatus();
                }),
            kExitOk);
}

TEST_F(ProgramTest, AnErrorInATlsFileNamesItsFlags) {
  Program::TlsFlags openmatch{.dir = "./openmatch-tls"};
  Program::TlsFlags own{.dir = "."};
  program_.AddTlsFlags("openmatch", openmatch);
  program_.AddTlsFlags("", own);
  const auto fail_with = [&](const std::string& message) {
    return Run({}, [&](Program&) { return InvalidArgumentError(message); });
  };
  EXPECT_EQ(fail_with("backend: tls: ./openmatch-tls/ca.crt: expired"), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("expired (--openmatch-tls-dir is './openmatch-tls'; "
                                 "--openmatch-insecure would mean plaintext)\n"));
  EXPECT_EQ(fail_with("tls: ./publicCA.cert: No such file"), kExitUsage);
  EXPECT_THAT(stderr_, HasSubstr("(--tls-dir is '.'; --insecure"));
  EXPECT_EQ(fail_with("ticket: bad"), kExitUsage);
  EXPECT_THAT(stderr_, Not(HasSubstr("tls")));
}

TEST_F(ProgramTest, TlsFlags) {
  Program::TlsFlags flags{.dir = "./openmatch-tls"};
  program_.AddTlsFlags("openmatch", flags);
  EXPECT_EQ(Run({"--openmatch-server-name", "n", "-openmatchTlsDir", "/tls/"}), kExitOk);
  TlsOptions options = flags.ToOptions("public.cert", "/abs/private.key", "publicCA.cert");
  EXPECT_EQ(options.cert_file, "/tls/public.cert");
  EXPECT_EQ(options.key_file, "/abs/private.key");
  EXPECT_EQ(options.ca_file, "/tls/publicCA.cert");
  EXPECT_EQ(options.server_name, "n");
  EXPECT_FALSE(options.insecure);
  EXPECT_EQ(Run({"--openmatch-insecure"}), kExitOk);
  options = flags.ToOptions();
  EXPECT_TRUE(options.insecure);
  EXPECT_EQ(options.cert_file, "");
  flags = {};
  EXPECT_EQ(flags.ToOptions().ca_file, "");
}

TEST_F(ProgramTest, FlagsOfSubcommands) {
  CLI::App* sub = program_.cli().add_subcommand("probe", "probes");
  std::string name_space;
  sub->add_option("--name-space", name_space, "");
  EXPECT_EQ(Run({"-label", "a=b", "probe", "-nameSpace", "x", "-backendAddr", "y"}), kExitOk);
  EXPECT_EQ(name_space, "x");
  EXPECT_EQ(addr_, "y");
  EXPECT_TRUE(sub->parsed());
  EXPECT_THAT(labels_, ElementsAre("a=b"));
}

}  // namespace
}  // namespace gsh::service
