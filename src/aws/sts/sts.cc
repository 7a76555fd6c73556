#include "gsh/aws/sts.h"

#include <utility>

#include "gsh/aws/default_credentials.h"
#include "src/aws/client/service_client.h"
#include "src/aws/sts/sts_messages.h"
#include "src/core/await.h"
#include "src/rpc/common/pem.h"

namespace gsh::aws {
namespace {

constexpr Service kSts{.name = "aws.STS",
                       .id = "STS",
                       .signing_name = "sts",
                       .endpoint_prefix = "sts",
                       .protocol = Protocol::kQuery,
                       .target_prefix = "",
                       .version = "2011-06-15"};

constexpr rpc::Method kGetCallerIdentity{"aws.STS", "GetCallerIdentity"};
// Each gives new credentials and changes nothing.
constexpr rpc::Method kAssumeRole{"aws.STS", "AssumeRole"};
constexpr rpc::Method kAssumeRoleWithWebIdentity{"aws.STS", "AssumeRoleWithWebIdentity"};

class StsClient final : public Sts {
 public:
  StsClient(std::unique_ptr<ServiceClient> client, std::unique_ptr<ServiceClient> anonymous)
      : client_(std::move(client)), anonymous_(std::move(anonymous)) {}

  void GetCallerIdentityAsync(CallOptions options, Callback<CallerIdentity> done) override {
    Call(*client_, kGetCallerIdentity, std::string(), std::move(options), ParseCallerIdentity,
         std::move(done));
  }
  void AssumeRoleAsync(AssumeRoleRequest request, CallOptions options,
                       Callback<AssumedRole> done) override {
    Call(
        *client_, kAssumeRole, EncodeAssumeRole(request), std::move(options),
        [](std::string_view xml) { return ParseAssumedRole(xml, "AssumeRoleResult"); },
        std::move(done));
  }
  void AssumeRoleWithWebIdentityAsync(AssumeRoleWithWebIdentityRequest request, CallOptions options,
                                      Callback<AssumedRole> done) override {
    Call(
        *anonymous_, kAssumeRoleWithWebIdentity, EncodeWebIdentity(request), std::move(options),
        [](std::string_view xml) {
          return ParseAssumedRole(xml, "AssumeRoleWithWebIdentityResult");
        },
        std::move(done));
  }

 private:
  template <typename T, typename Parse>
  static void Call(ServiceClient& client, const rpc::Method& method, StatusOr<std::string> body,
                   CallOptions options, Parse parse, Callback<T> done) {
    auto read = [parse, done = std::move(done)](StatusOr<std::string> answer) {
      if (!answer.ok()) return done(answer.status());
      const rpc::SecretText text(*std::move(answer));
      done(parse(text.text()));
    };
    if (!body.ok()) return client.FailAsync(body.status(), std::move(options), std::move(read));
    client.CallAsync(method, *std::move(body), std::move(options), std::move(read));
  }

  const std::unique_ptr<ServiceClient> client_;
  const std::unique_ptr<ServiceClient> anonymous_;
};

}  // namespace

StatusOr<CallerIdentity> Sts::GetCallerIdentity(CallOptions options) {
  return internal::Await<StatusOr<CallerIdentity>>(
      std::move(options), [this](CallOptions inner, auto done) {
        GetCallerIdentityAsync(std::move(inner), std::move(done));
      });
}

StatusOr<AssumedRole> Sts::AssumeRole(AssumeRoleRequest request, CallOptions options) {
  return internal::Await<StatusOr<AssumedRole>>(
      std::move(options), [this, &request](CallOptions inner, auto done) {
        AssumeRoleAsync(std::move(request), std::move(inner), std::move(done));
      });
}

StatusOr<AssumedRole> Sts::AssumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request,
                                                     CallOptions options) {
  return internal::Await<StatusOr<AssumedRole>>(
      std::move(options), [this, &request](CallOptions inner, auto done) {
        AssumeRoleWithWebIdentityAsync(std::move(request), std::move(inner), std::move(done));
      });
}

StatusOr<std::unique_ptr<Sts>> MakeSts(AwsOptions options) {
  AwsOptions unsigned_options = options;
  unsigned_options.credentials = MakeStaticCredentials(Credentials());
  auto client = ServiceClient::Make(std::move(options), kSts);
  if (!client.ok()) return client.status();
  auto anonymous = ServiceClient::Make(std::move(unsigned_options), kSts);
  if (!anonymous.ok()) return anonymous.status();
  return std::unique_ptr<Sts>(
      std::make_unique<StsClient>(*std::move(client), *std::move(anonymous)));
}

}  // namespace gsh::aws
