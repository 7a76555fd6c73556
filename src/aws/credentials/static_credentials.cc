#include <utility>

#include "gsh/aws/default_credentials.h"

namespace gsh::aws {
namespace {

class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(Credentials credentials)
      : credentials_(std::make_shared<const Credentials>(std::move(credentials))) {}

  void GetAsync(CallOptions, Callback done) override { done(credentials_); }
  void Reject(const Credentials&) override {}

 private:
  const std::shared_ptr<const Credentials> credentials_;
};

}  // namespace

std::shared_ptr<CredentialsProvider> MakeStaticCredentials(Credentials credentials) {
  return std::make_shared<StaticCredentials>(std::move(credentials));
}

}  // namespace gsh::aws
