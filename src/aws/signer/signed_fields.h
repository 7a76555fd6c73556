// Header fields as SigV4 signs them.
#ifndef GSH_SRC_AWS_SIGNER_SIGNED_FIELDS_H_
#define GSH_SRC_AWS_SIGNER_SIGNED_FIELDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::aws {

// False for fields that proxies and clients change on the way, and for those that hold the
// signature: signed, they would break it. `name` in any case.
bool MayBeSigned(std::string_view name);

// Names in lower case and in order, each once; values without spaces that mean nothing.
class SignedFields {
 public:
  // Room for that many fields.
  explicit SignedFields(std::size_t count) {
    fields_.reserve(count);
    names_.reserve(16 * count);
  }

  // `value` must outlive this object.
  void Add(std::string_view name, std::string_view value);
  // After the last Add.
  void Sort();

  // "host:example.com\nx-amz-date:20150830T123600Z\n"; values of one name with commas between.
  void AppendLines(std::string& out) const;
  // "host;x-amz-date".
  void AppendNames(std::string& out) const;

 private:
  struct Field {
    std::size_t name_begin;
    std::size_t name_size;
    std::string_view value;
  };

  std::string_view NameOf(const Field& field) const {
    return std::string_view(names_).substr(field.name_begin, field.name_size);
  }

  std::string names_;  // one after the other
  std::vector<Field> fields_;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_SIGNER_SIGNED_FIELDS_H_
