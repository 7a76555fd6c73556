#include "src/testing/sandbox/aws/temporary_keys.h"

#include <algorithm>
#include <utility>

#include "src/testing/sandbox/aws/random_text.h"

namespace gsh::testing::aws {

TemporaryKey TemporaryKeys::Issue(Principal who, std::chrono::seconds life) {
  constexpr std::chrono::hours kRemembered{12};
  std::lock_guard lock(mutex_);
  const WallTime now = clock_.Now();
  std::erase_if(keys_, [&](const auto& k) { return k.second.expiration + kRemembered <= now; });
  TemporaryKey key{.access_key_id = "ASIA" + RandomUpper(rng_, 16),
                   .secret_access_key = RandomText(rng_, 40),
                   .session_token = RandomText(rng_, 120),
                   .issued = now,
                   .expiration = now + life,
                   .who = std::move(who)};
  keys_[key.access_key_id] = key;
  return key;
}

std::optional<TemporaryKey> TemporaryKeys::Find(std::string_view access_key_id) const {
  std::lock_guard lock(mutex_);
  const auto found = keys_.find(access_key_id);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

void TemporaryKeys::ExpireAll() {
  std::lock_guard lock(mutex_);
  const WallTime now = clock_.Now();
  for (auto& [id, key] : keys_) key.expiration = std::min(key.expiration, now);
}

}  // namespace gsh::testing::aws
