// ClusterTls: the certificates to use now, from files, text and credentials.
#ifndef GSH_SRC_KUBERNETES_CLUSTER_TLS_H_
#define GSH_SRC_KUBERNETES_CLUSTER_TLS_H_

#include <memory>
#include <mutex>

#include "gsh/kubernetes/config.h"
#include "gsh/options.h"
#include "src/rpc/common/tls_material.h"

namespace gsh::kubernetes {

// May be used from several threads at once.
class ClusterTls {
 public:
  // `files` has the clock, and in its tls the config's files. The error says which part is bad.
  static StatusOr<std::unique_ptr<ClusterTls>> Make(const ClusterConfig& config,
                                                    const ClientOptions& files);

  std::shared_ptr<const rpc::TlsMaterial> Get();
  // A certificate that came with a token; empty: none any more.
  void SetCertificate(const Credential& credential);

 private:
  ClusterTls(const ClusterConfig& config, std::unique_ptr<rpc::TlsSource> files);
  void Compose();

  const ClusterConfig config_;
  const std::unique_ptr<rpc::TlsSource> files_;
  std::mutex mutex_;
  Credential credential_;
  std::shared_ptr<const rpc::TlsMaterial> from_files_;
  std::shared_ptr<const rpc::TlsMaterial> material_;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBERNETES_CLUSTER_TLS_H_
