#include "src/proto/json/agones_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <memory>

// Out of the build: see CMakeLists.txt and cmake/EmbedFile.cmake.
namespace gsh::embedded {
extern const unsigned char agones_descriptors[];
extern const unsigned long agones_descriptors_size;
}  // namespace gsh::embedded

namespace gsh::wire_json {
namespace {

namespace pb = google::protobuf;

constexpr char kPrefix[] = "type.googleapis.com";

// A pool of its own, so that a process may have the same messages in the generated pool.
class Resolver {
 public:
  Resolver() {
    pb::FileDescriptorSet files;
    files.ParseFromArray(Descriptors().data(), static_cast<int>(Descriptors().size()));
    for (const pb::FileDescriptorProto& file : files.file()) pool_.BuildFile(file);
    types_.reset(pb::util::NewTypeResolverForDescriptorPool(kPrefix, &pool_));
  }
  pb::util::TypeResolver* types() const { return types_.get(); }

 private:
  pb::DescriptorPool pool_;
  std::unique_ptr<pb::util::TypeResolver> types_;
};

pb::util::TypeResolver* Types() {
  static const auto* const resolver = new Resolver;  // calls may outlive static objects
  return resolver->types();
}

std::string UrlOf(std::string_view message) {
  return std::string(kPrefix) + "/" + std::string(message);
}

}  // namespace

std::string_view Descriptors() {
  return {reinterpret_cast<const char*>(embedded::agones_descriptors),
          embedded::agones_descriptors_size};
}

StatusOr<std::string> FromJson(std::string_view message, const std::string& json) {
  pb::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  std::string bytes;
  const auto status = pb::util::JsonToBinaryString(Types(), UrlOf(message), json, &bytes, options);
  if (!status.ok()) return InvalidArgumentError(status.message().ToString());
  return bytes;
}

StatusOr<std::string> ToJson(std::string_view message, const std::string& bytes,
                             Defaults defaults) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = defaults == Defaults::kWritten;
  std::string json;
  const auto status = pb::util::BinaryToJsonString(Types(), UrlOf(message), bytes, &json, options);
  if (!status.ok()) return InternalError(status.message().ToString());
  return json;
}

}  // namespace gsh::wire_json
