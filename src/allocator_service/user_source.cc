#include "src/allocator_service/user_source.h"

#include <utility>

#include "src/rpc/common/pem.h"

namespace gsh::allocator_service {

StatusOr<std::unique_ptr<UserSource>> UserSource::Open(UserSourceOptions options) {
  if (options.env == nullptr) options.env = &SystemEnv();
  if (options.clock == nullptr) options.clock = &SystemClock();
  std::unique_ptr<UserSource> source(new UserSource(std::move(options)));
  const bool from_file = !source->options_.file.empty();
  const Status loaded = from_file ? source->LoadFile() : source->LoadVariable();
  if (!loaded.ok()) return InvalidArgumentError(loaded.message());
  return source;
}

UserSource::UserSource(UserSourceOptions options)
    : options_(std::move(options)), watch_({options_.file}, options_.clock->SteadyNow()) {}

std::shared_ptr<const Users> UserSource::Get() {
  if (options_.file.empty() || !watch_.ShouldReload(options_.clock->SteadyNow())) return users_;
  const std::shared_ptr<const Users> before = users_;
  if (const Status loaded = LoadFile(); loaded.ok()) {
    watch_.Accepted();
    refused_.clear();
    if (users_ != before) {
      Log(options_.log, LogLevel::kInfo, "users loaded anew",
          {{"file", options_.file}, {"users", std::to_string(users_->size())}});
    }
  } else {
    watch_.Refused(options_.clock->SteadyNow());
    if (std::exchange(refused_, loaded.message()) != loaded.message()) {
      Log(options_.log, LogLevel::kWarning, "new users refused, the old ones stay",
          {{"reason", refused_}});
    }
  }
  return users_;
}

Status UserSource::LoadFile() {
  StatusOr<std::string> text = rpc::ReadPemFile(options_.file);  // any file of at most 1 MiB
  if (!text.ok()) return text.status().WithContext("users file");
  if (users_ != nullptr && *text == text_) return OkStatus();
  StatusOr<Users> users = Users::Parse(*text);
  if (!users.ok()) return users.status().WithContext("users file " + options_.file);
  users_ = std::make_shared<const Users>(*std::move(users));
  text_ = *std::move(text);
  return OkStatus();
}

Status UserSource::LoadVariable() {
  const std::string text = options_.env->Get(kUsersVariable).value_or("");
  if (text.empty()) {
    return InvalidArgumentError(std::string("no users: --users-file names a file of name:hash "
                                            "lines, or ") +
                                kUsersVariable + " holds such entries, separated by spaces");
  }
  StatusOr<Users> users = Users::Parse(text, ' ');
  if (!users.ok()) return users.status().WithContext(kUsersVariable);
  users_ = std::make_shared<const Users>(*std::move(users));
  return OkStatus();
}

}  // namespace gsh::allocator_service
