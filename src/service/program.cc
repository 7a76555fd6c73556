#include "src/service/program.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <utility>

#include "gsh/env.h"
#include "gsh/version.h"
#include "src/service/config_file.h"
#include "src/service/flag_sources.h"
#include "src/service/logging.h"
#include "src/service/probes.h"
#include "src/service/prometheus_metrics.h"
#include "src/service/signals.h"
#include "src/service/spellings.h"

namespace gsh::service {
namespace {

// "--backend-addr,--backendAddr" knows "--backend-addr".
bool Mentions(const std::string& message, const std::string& flag) {
  const std::size_t found = message.find("--" + flag);
  if (found == std::string::npos) return false;
  const std::size_t end = found + 2 + flag.size();
  return end == message.size() ||
         (message[end] != '-' && !std::isalnum(static_cast<unsigned char>(message[end])));
}

// All long names, those of subcommands too.
void CollectNames(const CLI::App& app, FlagNames& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.Add(name);
  }
  for (const CLI::App* sub : app.get_subcommands({})) CollectNames(*sub, names);
}

bool AsksForHelp(const std::vector<std::string>& args) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return HasFlag(args, "help") || HasFlag(args, "version") ||
         std::find(args.begin(), end, "-h") != end;
}

// How CLI11 begins to say that a value is no number, or whatever the flag wants.
constexpr std::string_view kBadConversion = "Could not convert: ";

std::string InDir(const std::string& dir, const std::string& file) {
  return dir + (dir.ends_with('/') ? "" : "/") + file;
}

std::string FileInDir(const std::string& dir, const std::string& file) {
  return file.empty() || file.front() == '/' ? file : InDir(dir, file);
}

}  // namespace

CLI::Validator WholeNumberFrom(std::uint64_t least) {
  const std::string from = std::to_string(least);
  const auto mistake = [least, from](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range) return "Value " + text + " is too large";
    if (error == std::errc() && rest == end && value >= least) return "";
    return "Value " + text + " is no whole number from " + from + " up";
  };
  return CLI::Validator("FROM-" + from).operation([mistake](std::string& text) {
    return mistake(text);
  });
}

struct Program::Impl {
  Impl(std::string program_name, const std::string& description)
      : name(std::move(program_name)), cli(description, name) {}

  StatusOr<MergedArgs> Merge(const std::vector<std::string>& given) const;
  Status UsageError(const CLI::ParseError& error, const MergedArgs& merged) const;
  Status UnknownArguments(const std::vector<std::string>& unknown) const;
  std::string WhichTlsFlags(const std::string& message) const;
  // The exit code when there is nothing left to do.
  std::optional<int> Parse(const std::vector<std::string>& args);
  std::string Command() const;
  int Fail(const Status& status);
  Status Run(Program& program, const std::function<Status(Program&)>& body);

  const std::string name;
  CLI::App cli;
  std::map<std::string, CLI::Option*>
      options;  // by kebab case; those that environment and file may set
  std::vector<std::pair<std::string, const TlsFlags*>>
      tls_flags;  // with their prefixes: "openmatch-"

  std::string config;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string metrics_address;

  ProgramLog log;
  PrometheusMetrics metrics;
  std::atomic<bool> ready = false;
  std::stop_source stop;
  Probes probes;
};

Program::Program(std::string name, std::string description, std::string examples)
    : impl_(std::make_unique<Impl>(std::move(name), description)) {
  CLI::App& app = cli();
  app.get_formatter()->column_width(48);
  app.fallthrough();  // our flags may stand behind a subcommand
  app.set_version_flag("--version", impl_->name + " " + std::string(Version()),
                       "prints the version");
  app.set_help_flag("-h,--help", "prints this help");
  std::string footer =
      "Each flag can be written with one dash or two, and can come from its environment variable\n"
      "or from the --config file: command line > environment > file > default.";
  if (!examples.empty()) footer = "Examples:\n" + examples + "\n" + footer;
  app.footer(footer);
  app.add_option("--config", impl_->config, "file of `flag = value` lines")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->envname("GSH_CONFIG")
      ->group("Common");
  Flag("log-format", impl_->log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->group("Common");
  Flag("log-level", impl_->log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->group("Common");
  Flag("metrics-address", impl_->metrics_address,
       "host:port of /livez, /readyz and /metrics; empty: off; no host: loopback")
      ->group("Common");
}

Program::~Program() { impl_->probes.Stop(); }

CLI::Option* Program::Switch(const std::string& name, bool& value, const std::string& help) {
  return Register(name, cli().add_flag(Spellings(name), value, help));
}

TlsOptions Program::TlsFlags::ToOptions(const std::string& cert, const std::string& key,
                                        const std::string& ca) const {
  if (insecure) return {.insecure = true};
  TlsOptions options{.server_name = server_name};
  if (dir.empty()) return options;
  options.ca_file = FileInDir(dir, ca);
  options.cert_file = FileInDir(dir, cert);
  options.key_file = FileInDir(dir, key);
  return options;
}

void Program::AddTlsFlags(const std::string& prefix, TlsFlags& flags) {
  const std::string dash = prefix.empty() ? "" : prefix + "-";
  const std::string whose = prefix.empty() ? "" : prefix + ": ";
  Flag(dash + "tls-dir", flags.dir,
       whose + "folder of the certificates; empty: the system's roots");
  Flag(dash + "server-name", flags.server_name,
       whose + "name that the server's certificate must carry; empty: the address's host");
  Switch(dash + "insecure", flags.insecure, whose + "plaintext, no TLS");
  impl_->tls_flags.emplace_back(dash, &flags);
}

std::string Program::Spellings(const std::string& name) const {
  if (name.size() == 1) return "-" + name + ",--" + name;
  const std::string kebab = ToKebab(name);
  const std::string camel = ToCamel(kebab);
  return "--" + kebab + (camel == kebab ? "" : ",--" + camel);
}

CLI::Option* Program::Register(const std::string& name, CLI::Option* option) {
  option->envname(ToEnvName(name));
  if (option->get_expected_max() > 1) {
    option->allow_extra_args(
        false);  // one value each time: "--label a=b command" leaves "command" alone
  } else {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  impl_->options[ToKebab(name)] = option;
  return option;
}

StatusOr<MergedArgs> Program::Impl::Merge(const std::vector<std::string>& given) const {
  FlagNames names;
  CollectNames(cli, names);
  const std::vector<std::string> args = CanonicalArgs(given, names);
  // Help must come however bad the file is.
  if (AsksForHelp(args)) return MergedArgs{.args = args, .origins = {}};
  std::vector<FlagSource> sources;
  for (const auto& [kebab, option] : options) {
    sources.push_back({.name = option->get_lnames().front(),
                       .env_names = {option->get_envname(), ToEnvName(kebab)},
                       .repeatable = option->get_expected_max() > 1});
  }
  std::string file = FlagValue(args, "config");
  if (file.empty()) file = SystemEnv().Get("GSH_CONFIG").value_or("");
  std::vector<ConfigEntry> entries;
  if (!file.empty()) {
    StatusOr<std::vector<ConfigEntry>> read = ReadConfigFile(file, name);
    if (!read.ok()) return read.status();
    entries = std::move(*read);
  }
  return MergeSources(args, sources, SystemEnv(), entries, file);
}

Status Program::Impl::UsageError(const CLI::ParseError& error, const MergedArgs& merged) const {
  const std::vector<std::string> unknown = cli.remaining(true);
  if (!unknown.empty()) return UnknownArguments(unknown);
  std::string message = error.what();
  if (message.starts_with(kBadConversion)) {  // "Could not convert: --port = x"
    message.erase(0, kBadConversion.size());
    if (const std::size_t equals = message.find(" = "); equals != std::string::npos) {
      message =
          message.substr(0, equals) + ": '" + message.substr(equals + 3) + "' is no such value";
    }
  }
  for (const auto& [flag, origin] : merged.origins) {
    if (Mentions(message, flag)) message += " (from " + origin + ")";
  }
  return InvalidArgumentError(message);
}

Status Program::Impl::UnknownArguments(const std::vector<std::string>& unknown) const {
  FlagNames names;
  CollectNames(cli, names);
  std::string flags;
  std::string words;
  for (const std::string& argument : unknown) {
    if (argument.size() < 2 || !argument.starts_with('-')) {
      words += (words.empty() ? "unexpected argument '" : "', '") + argument;
      continue;
    }
    const std::size_t begin = std::min(argument.find_first_not_of('-'), argument.size());
    const std::size_t end = std::min(argument.find('='), argument.size());
    flags += (flags.empty() ? "unknown flag " : ", ") + argument.substr(0, end);
    const auto suggestion = names.Suggest(argument.substr(begin, end - begin));
    if (suggestion) flags += " (did you mean --" + *suggestion + "?)";
  }
  // A word behind an unknown flag is most likely its value: the flag is the mistake.
  return InvalidArgumentError(flags.empty() ? words + "'" : flags);
}

// Whose files they are that could not be used, so that nobody need guess: of several folders that
// fit, the longest.
std::string Program::Impl::WhichTlsFlags(const std::string& message) const {
  const TlsFlags* best = nullptr;
  std::string hint;
  for (const auto& [prefix, flags] : tls_flags) {
    if (flags->dir.empty() || (best != nullptr && flags->dir.size() <= best->dir.size())) continue;
    if (message.find("tls: " + InDir(flags->dir, "")) == std::string::npos) continue;
    best = flags;
    hint = " (--" + prefix + "tls-dir is '" + flags->dir + "'; --" + prefix +
           "insecure would mean plaintext)";
  }
  return hint;
}

std::optional<int> Program::Impl::Parse(const std::vector<std::string>& args) {
  StatusOr<MergedArgs> merged = Merge(args);
  if (!merged.ok()) return Fail(merged.status());
  try {
    cli.parse(std::vector<std::string>(merged->args.rbegin(), merged->args.rend()));
  } catch (const CLI::Success& request) {  // --help, --version
    return cli.exit(request, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    if (AsksForHelp(merged->args)) {  // a bad environment variable does not stand in its way
      std::cout << (HasFlag(merged->args, "version") ? name + " " + std::string(Version()) + "\n"
                                                     : cli.help());
      return kExitOk;
    }
    return Fail(UsageError(error, *merged));
  }
  log.Configure(log_format == "json" ? LogFormat::kJson : LogFormat::kText,
                ParseLogLevel(log_level).value_or(LogLevel::kInfo));
  return std::nullopt;
}

// The subcommands that were given, behind the program's name: "gsh-aws sqs send".
std::string Program::Impl::Command() const {
  std::string command = name;
  for (const CLI::App* app = &cli; !app->get_subcommands().empty();) {
    app = app->get_subcommands().front();
    command += " " + app->get_name();
  }
  return command;
}

int Program::Impl::Fail(const Status& status) {
  // What a server refuses is no mistake of the command line: it could not be known here.
  const bool sent = status.info() != nullptr && status.info()->attempts > 0;
  const bool usage = status.code() == StatusCode::kInvalidArgument && !sent;
  if (!usage && log_format == "json") {
    Log(&log, LogLevel::kError, status.ToString());
    return kExitFailed;
  }
  const std::string message = usage ? status.message() : status.ToString();
  std::cerr << name << ": " << RedactUrls(message) << WhichTlsFlags(message) << '\n';
  if (usage) std::cerr << "Try '" << Command() << " --help'.\n";
  std::cerr.flush();
  return usage ? kExitUsage : kExitFailed;
}

Status Program::Impl::Run(Program& program, const std::function<Status(Program&)>& body) {
  const SignalStop signals(stop);
  const MetricLabel labels[] = {{"program", name}, {"version", Version()}};
  metrics.Set("gsh_build_info", 1, labels);
  probes.Handle("/livez", [](const http::Request&) { return http::Response{.body = "ok\n"}; });
  probes.Handle("/readyz", [this](const http::Request&) {
    const bool ok = ready && !stop.stop_requested();
    return ok ? http::Response{.body = "ok\n"} : http::Response{.code = 503, .body = "not ready\n"};
  });
  probes.Handle("/metrics", [this](const http::Request&) {
    return http::Response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                          .body = metrics.Text()};
  });
  if (!metrics_address.empty()) {
    if (Status started = probes.Start(metrics_address, &log); !started.ok()) return started;
  }
  Status result;
  try {
    result = body(program);
  } catch (...) {
    probes.Stop();  // its handlers may use what the body had
    throw;
  }
  probes.Stop();
  if (result.code() == StatusCode::kCancelled && stop.stop_requested()) return OkStatus();
  return result;
}

int Program::Main(int argc, char** argv, const std::function<Status(Program&)>& body) {
  return Main(
      argc > 0 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>(),
      body);
}

int Program::Main(const std::vector<std::string>& args,
                  const std::function<Status(Program&)>& body) {
  try {
    if (const std::optional<int> done = impl_->Parse(args)) return *done;
    const Status result = impl_->Run(*this, body);
    return result.ok() ? kExitOk : impl_->Fail(result);
  } catch (const std::exception& error) {
    return impl_->Fail(InternalError(error.what()));
  } catch (...) {
    return impl_->Fail(InternalError("unknown exception"));
  }
}

CLI::App& Program::cli() { return impl_->cli; }

bool Program::Given(const std::string& name) const {
  const auto found = impl_->options.find(ToKebab(name));
  return found != impl_->options.end() && found->second->count() > 0;
}

LogSink& Program::log() { return impl_->log; }
MetricsSink& Program::metrics() { return impl_->metrics; }
std::stop_token Program::stop() const { return impl_->stop.get_token(); }
void Program::SetReady(bool ready) { impl_->ready = ready; }
int Program::metrics_port() const { return impl_->probes.port(); }
std::string Program::MetricsText() const { return impl_->metrics.Text(); }

void Program::Serve(const std::string& path, std::function<Reply(const std::string&)> handler) {
  impl_->probes.Handle(path, [handler = std::move(handler)](const http::Request& request) {
    Reply reply = handler(request.query);
    return http::Response{.code = reply.code,
                          .content_type = std::move(reply.content_type),
                          .body = std::move(reply.body)};
  });
}

void Program::Line(const std::string& message, std::initializer_list<LogField> fields) {
  impl_->log.Line(message, {fields.begin(), fields.size()});
}

}  // namespace gsh::service
