// kubeconfig files, and what credential plugins say.
#include "src/kubeconfig/exec_credentials.h"
#include "src/kubeconfig/kubeconfig_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gsh::fuzz::Require;
  const std::string_view text = gsh::fuzz::TextOf(data, size);
  const auto config = gsh::kubernetes::ParseKubeconfig(text, "FILE", "/folder");
  if (config.ok()) {
    for (const auto& [name, user] : config->users) {
      const bool absolute = user.cert_file.empty() || user.cert_file.starts_with('/');
      Require(absolute, "files are found from anywhere");
    }
    gsh::kubernetes::Kubeconfig merged = *config;
    gsh::kubernetes::MergeKubeconfig(*config, merged);
    Require(merged.contexts.size() == config->contexts.size(), "a file adds nothing to itself");
  } else {
    Require(config.status().code() == gsh::StatusCode::kInvalidArgument, "a bad file is bad");
    Require(config.status().message().starts_with("FILE: "), "an error names the file");
  }
  const auto answer = gsh::kubernetes::ParseExecCredential(text, "client.authentication.k8s.io/v1");
  if (answer.ok()) {
    const auto& credential = answer->credential;
    Require(!credential.bearer_token.empty() || !credential.key_pem.empty(),
            "OK means a credential");
    Require(credential.bearer_token.find('\n') == std::string::npos, "a token is one word");
  }
  return 0;
}
