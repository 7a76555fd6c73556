#include "src/probe/tls_report.h"

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <memory>

#include "src/rpc/common/pem.h"

namespace gsh::probe {
namespace {

std::string TextOf(const X509_NAME* name) {
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, size > 0 ? static_cast<std::size_t>(size) : 0);
}

std::string DescribeFile(const std::string& file) {
  const auto pem = rpc::ReadPemFile(file);
  if (!pem.ok()) return pem.status().message() + "\n";
  const auto certificates = rpc::ParseCertificates(file, *pem);
  if (!certificates.ok()) return certificates.status().message() + "\n";
  std::string text;
  for (const rpc::X509Ptr& certificate : *certificates) {
    text += file + ": subject " + TextOf(X509_get_subject_name(certificate.get())) + ", issuer " +
            TextOf(X509_get_issuer_name(certificate.get())) + ", valid until " +
            rpc::FormatTime(rpc::NotAfter(certificate.get())) + "\n";
  }
  return text;
}

}  // namespace

std::string DescribeTls(const TlsOptions& tls) {
  if (tls.insecure) return "plaintext\n";
  std::string text;
  text += tls.ca_file.empty() ? "the system's roots\n" : DescribeFile(tls.ca_file);
  text += tls.cert_file.empty() ? "no client certificate\n" : DescribeFile(tls.cert_file);
  if (!tls.cert_file.empty()) {
    const auto identity =
        rpc::LoadIdentity(tls.cert_file, tls.key_file, std::chrono::system_clock::now());
    if (!identity.ok()) text += identity.status().message() + "\n";
  }
  if (!tls.server_name.empty()) text += "server name " + tls.server_name + "\n";
  return text;
}

}  // namespace gsh::probe
