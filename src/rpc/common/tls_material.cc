#include "src/rpc/common/tls_material.h"

#include <openssl/evp.h>

#include <chrono>
#include <utility>

namespace gsh::rpc {

StatusOr<TlsMaterial> LoadTlsMaterial(const TlsOptions& options) {
  TlsMaterial material;
  if (options.insecure) return material;
  const WallTime now = std::chrono::system_clock::now();
  if (!options.ca_file.empty()) {
    auto roots = LoadRoots(options.ca_file, now);
    if (!roots.ok()) return roots.status();
    material.roots = std::move(roots->pem);
    material.expiries.push_back({options.ca_file, roots->not_after});
  }
  if (!options.cert_file.empty()) {
    auto identity = LoadIdentity(options.cert_file, options.key_file, now);
    if (!identity.ok()) return identity.status();
    material.chain = std::move(identity->chain);
    material.key = std::move(identity->key);
    material.expiries.push_back({options.cert_file, identity->not_after});
  }
  material.digest = DigestOf({&material.roots, &material.chain, &material.key.text()});
  return material;
}

void ReportExpiries(MetricsSink* metrics, std::span<const CertificateExpiry> expiries) {
  if (metrics == nullptr) return;
  for (const CertificateExpiry& expiry : expiries) {
    const MetricLabel label{"file", expiry.file};
    const auto seconds = std::chrono::duration<double>(expiry.not_after.time_since_epoch());
    metrics->Set("gsh_tls_certificate_expiry_seconds", seconds.count(), {&label, 1});
  }
}

std::string DigestOf(std::initializer_list<const std::string*> texts) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  for (const std::string* text : texts) {
    EVP_DigestUpdate(context, text->c_str(), text->size() + 1);  // the NUL keeps them apart
  }
  EVP_DigestFinal_ex(context, bytes, &size);
  EVP_MD_CTX_free(context);
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

TlsSource::TlsSource(const ClientOptions& options)
    : tls_(options.tls),
      endpoint_(options.endpoint),
      clock_(options.clock),
      log_(options.log),
      metrics_(options.metrics),
      watch_({tls_.ca_file, tls_.cert_file, tls_.key_file}, options.clock->SteadyNow()) {}

StatusOr<std::unique_ptr<TlsSource>> TlsSource::Make(const ClientOptions& options) {
  std::unique_ptr<TlsSource> source(new TlsSource(options));
  if (Status status = source->Load(); !status.ok()) return status;
  return source;
}

std::shared_ptr<const TlsMaterial> TlsSource::Get() {
  std::lock_guard lock(mutex_);
  if (!tls_.insecure && watch_.ShouldReload(clock_->SteadyNow())) Reload();
  return material_;
}

Status TlsSource::Load() {
  auto loaded = LoadTlsMaterial(tls_);
  if (!loaded.ok()) return loaded.status();
  if (material_ != nullptr && loaded->digest == material_->digest) return OkStatus();
  material_ = std::make_shared<const TlsMaterial>(*std::move(loaded));
  ReportExpiries(metrics_, material_->expiries);
  return OkStatus();
}

void TlsSource::Reload() {
  const auto before = material_;
  const Status status = Load();
  if (!status.ok()) {
    watch_.Refused(clock_->SteadyNow());
    if (refused_ == status.message()) return;
    refused_ = status.message();
    Log(log_, LogLevel::kWarning, "new TLS files refused, the old ones stay in use",
        {{"reason", refused_}, {"peer", endpoint_}});
    return;
  }
  watch_.Accepted();
  refused_.clear();
  if (material_ != before) {
    Log(log_, LogLevel::kInfo, "TLS files loaded anew", {{"peer", endpoint_}});
  }
}

}  // namespace gsh::rpc
