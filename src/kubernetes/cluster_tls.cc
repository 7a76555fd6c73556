#include "src/kubernetes/cluster_tls.h"

#include <utility>

namespace gsh::kubernetes {
namespace {

Status CheckPem(const ClusterConfig& config) {
  if (!config.ca_pem.empty()) {
    auto parsed = rpc::ParseCertificates("certificate authority", config.ca_pem);
    if (!parsed.ok()) return parsed.status();
  }
  if (config.cert_pem.empty() != config.key_pem.empty()) {
    return InvalidArgumentError("a client certificate needs its key, and a key its certificate");
  }
  if (config.cert_pem.empty()) return OkStatus();
  auto chain = rpc::ParseCertificates("client certificate", config.cert_pem);
  if (!chain.ok()) return chain.status();
  auto key = rpc::ParseKey("client key", config.key_pem);
  if (!key.ok()) return key.status();
  if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
    return InvalidArgumentError("the client key does not belong to the client certificate");
  }
  return OkStatus();
}

}  // namespace

ClusterTls::ClusterTls(const ClusterConfig& config, std::unique_ptr<rpc::TlsSource> files)
    : config_(config), files_(std::move(files)) {}

StatusOr<std::unique_ptr<ClusterTls>> ClusterTls::Make(const ClusterConfig& config,
                                                       const ClientOptions& files) {
  if (Status status = CheckPem(config); !status.ok()) return status;
  auto source = rpc::TlsSource::Make(files);
  if (!source.ok()) return source.status();
  return std::unique_ptr<ClusterTls>(new ClusterTls(config, *std::move(source)));
}

std::shared_ptr<const rpc::TlsMaterial> ClusterTls::Get() {
  auto files = files_->Get();
  std::lock_guard lock(mutex_);
  if (material_ == nullptr || files != from_files_) {
    from_files_ = std::move(files);
    Compose();
  }
  return material_;
}

void ClusterTls::SetCertificate(const Credential& credential) {
  std::lock_guard lock(mutex_);
  if (credential.certificate_pem == credential_.certificate_pem) return;
  credential_ = credential;
  material_ = nullptr;
}

void ClusterTls::Compose() {
  const auto first = [](const std::string& text, const std::string& otherwise) {
    return text.empty() ? otherwise : text;
  };
  auto material = std::make_shared<rpc::TlsMaterial>();
  material->roots = first(config_.ca_pem, from_files_->roots);
  if (!credential_.certificate_pem.empty()) {
    material->chain = credential_.certificate_pem;
    material->key = rpc::SecretText(credential_.key_pem);
  } else if (!config_.cert_pem.empty()) {
    material->chain = config_.cert_pem;
    material->key = rpc::SecretText(config_.key_pem);
  } else {
    material->chain = from_files_->chain;
    material->key = rpc::SecretText(from_files_->key.text());
  }
  material_ = std::move(material);
}

}  // namespace gsh::kubernetes
