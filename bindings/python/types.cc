#include "bindings/python/types.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gsh::python {
namespace {

using std::chrono::microseconds;

struct Types {
  py::object any;
  py::object search_fields;
  py::object assignment;
  py::object ticket;
  py::object backfill;
  py::object acknowledged_backfill;
  py::object epoch;        // 1970-01-01, UTC
  py::object timedelta;    // the class
  py::object microsecond;  // one, as a timedelta
  py::object datetime;     // the class
};

Types* types = nullptr;  // never freed: the interpreter may be gone by then

// Where in the argument a value stands; put together only for an error.
struct Place {
  const Place* outer;
  std::string_view name;

  std::string ToString() const {
    return outer == nullptr ? std::string(name) : outer->ToString() + "." + std::string(name);
  }
};

[[noreturn]] void Mismatch(const Place& place, std::string_view expected, py::handle got) {
  throw py::type_error(place.ToString() + ": expected " + std::string(expected) + ", got " +
                       std::string(Py_TYPE(got.ptr())->tp_name));
}

void CheckIs(py::handle value, const py::object& type, const Place& place) {
  const int is = PyObject_IsInstance(value.ptr(), type.ptr());
  if (is < 0) throw py::error_already_set();
  if (is == 0) Mismatch(place, py::cast<std::string>(type.attr("__name__")), value);
}

std::string StringFrom(py::handle value, const Place& place) {
  if (!PyUnicode_Check(value.ptr())) Mismatch(place, "str", value);
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (text == nullptr) throw py::error_already_set();
  return {text, static_cast<std::size_t>(size)};
}

std::string BytesFrom(py::handle value, const Place& place) {
  if (!PyBytes_Check(value.ptr())) Mismatch(place, "bytes", value);
  return {PyBytes_AS_STRING(value.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(value.ptr()))};
}

double DoubleFrom(py::handle value, const Place& place) {
  const double number = PyFloat_AsDouble(value.ptr());
  if (number == -1.0 && PyErr_Occurred() != nullptr) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    Mismatch(place, "float", value);
  }
  return number;
}

Any AnyFrom(py::handle value, const Place& place) {
  CheckIs(value, types->any, place);
  return {.type_url = StringFrom(value.attr("type_url"), {&place, "type_url"}),
          .value = BytesFrom(value.attr("value"), {&place, "value"})};
}

template <typename Value>
std::map<std::string, Value> MapFrom(py::handle value, const Place& place,
                                     Value (*value_from)(py::handle, const Place&)) {
  if (!PyDict_Check(value.ptr())) Mismatch(place, "dict", value);
  std::map<std::string, Value> map;
  for (const auto& [key, entry] : py::reinterpret_borrow<py::dict>(value)) {
    std::string name = StringFrom(key, {&place, "(key)"});
    Value converted = value_from(entry, {&place, name});
    map.emplace_hint(map.end(), std::move(name), std::move(converted));
  }
  return map;
}

// A str is a sequence of str too, but never what was meant.
std::vector<std::string> StringsFrom(py::handle value, const Place& place) {
  if (PyUnicode_Check(value.ptr()) || PySequence_Check(value.ptr()) == 0) {
    Mismatch(place, "a sequence of str", value);
  }
  std::vector<std::string> strings;
  for (const py::handle item : py::reinterpret_borrow<py::sequence>(value)) {
    strings.push_back(StringFrom(item, {&place, "(item)"}));
  }
  return strings;
}

openmatch::SearchFields SearchFieldsFrom(py::handle value, const Place& place) {
  CheckIs(value, types->search_fields, place);
  return {.double_args = MapFrom(value.attr("double_args"), {&place, "double_args"}, DoubleFrom),
          .string_args = MapFrom(value.attr("string_args"), {&place, "string_args"}, StringFrom),
          .tags = StringsFrom(value.attr("tags"), {&place, "tags"})};
}

openmatch::Assignment AssignmentFrom(py::handle value, const Place& place) {
  CheckIs(value, types->assignment, place);
  return {.connection = StringFrom(value.attr("connection"), {&place, "connection"}),
          .extensions = MapFrom(value.attr("extensions"), {&place, "extensions"}, AnyFrom)};
}

std::optional<WallTime> TimeFrom(py::handle value, const Place& place) {
  if (value.is_none()) return std::nullopt;
  CheckIs(value, types->datetime, place);
  if (value.attr("tzinfo").is_none()) Mismatch(place, "a datetime with a time zone", value);
  const py::object since = value - types->epoch;
  return WallTime(
      microseconds(py::cast<std::int64_t>(since.attr("__floordiv__")(types->microsecond))));
}

py::object TimeObject(const std::optional<WallTime>& time) {
  if (!time) return py::none();
  const auto since = std::chrono::floor<microseconds>(time->time_since_epoch());
  return types->epoch + types->timedelta(0, 0, since.count());
}

py::object ExtensionsObject(const Extensions& extensions) {
  py::dict dict;
  for (const auto& [name, any] : extensions) dict[py::str(name)] = ToPython(any);
  return dict;
}

py::object SearchFieldsObject(const openmatch::SearchFields& value) {
  return types->search_fields(value.double_args, value.string_args, value.tags);
}

}  // namespace

void LoadTypes() {
  const auto module = py::module_::import("gsh._types");
  const auto datetime = py::module_::import("datetime");
  const py::object timedelta = datetime.attr("timedelta");
  const py::object epoch = datetime.attr("datetime")(
      1970, 1, 1, py::arg("tzinfo") = datetime.attr("timezone").attr("utc"));
  types = new Types{.any = module.attr("Any"),
                    .search_fields = module.attr("SearchFields"),
                    .assignment = module.attr("Assignment"),
                    .ticket = module.attr("Ticket"),
                    .backfill = module.attr("Backfill"),
                    .acknowledged_backfill = module.attr("AcknowledgedBackfill"),
                    .epoch = epoch,
                    .timedelta = timedelta,
                    .microsecond = timedelta(0, 0, 1),
                    .datetime = datetime.attr("datetime")};
}

void FromPython(py::handle from, Any& to) { to = AnyFrom(from, {nullptr, "any"}); }

void FromPython(py::handle from, openmatch::Assignment& to) {
  to = AssignmentFrom(from, {nullptr, "assignment"});
}

void FromPython(py::handle from, openmatch::Ticket& to) {
  const Place place{nullptr, "ticket"};
  CheckIs(from, types->ticket, place);
  to.id = StringFrom(from.attr("id"), {&place, "id"});
  if (const py::object assignment = from.attr("assignment"); !assignment.is_none()) {
    to.assignment = AssignmentFrom(assignment, {&place, "assignment"});
  }
  to.search_fields = SearchFieldsFrom(from.attr("search_fields"), {&place, "search_fields"});
  to.extensions = MapFrom(from.attr("extensions"), {&place, "extensions"}, AnyFrom);
  to.persistent_field =
      MapFrom(from.attr("persistent_field"), {&place, "persistent_field"}, AnyFrom);
  to.create_time = TimeFrom(from.attr("create_time"), {&place, "create_time"});
}

void FromPython(py::handle from, openmatch::Backfill& to) {
  const Place place{nullptr, "backfill"};
  CheckIs(from, types->backfill, place);
  to.id = StringFrom(from.attr("id"), {&place, "id"});
  to.search_fields = SearchFieldsFrom(from.attr("search_fields"), {&place, "search_fields"});
  to.extensions = MapFrom(from.attr("extensions"), {&place, "extensions"}, AnyFrom);
  to.persistent_field =
      MapFrom(from.attr("persistent_field"), {&place, "persistent_field"}, AnyFrom);
  to.create_time = TimeFrom(from.attr("create_time"), {&place, "create_time"});
  to.generation = py::cast<std::int64_t>(from.attr("generation"));
}

py::object ToPython(const Any& value) { return types->any(value.type_url, py::bytes(value.value)); }

py::object ToPython(const openmatch::Assignment& value) {
  return types->assignment(value.connection, ExtensionsObject(value.extensions));
}

py::object ToPython(const openmatch::Ticket& value) {
  const py::object assignment = value.assignment ? ToPython(*value.assignment) : py::none();
  return types->ticket(value.id, assignment, SearchFieldsObject(value.search_fields),
                       ExtensionsObject(value.extensions), ExtensionsObject(value.persistent_field),
                       TimeObject(value.create_time));
}

py::object ToPython(const openmatch::Backfill& value) {
  return types->backfill(
      value.id, SearchFieldsObject(value.search_fields), ExtensionsObject(value.extensions),
      ExtensionsObject(value.persistent_field), TimeObject(value.create_time), value.generation);
}

py::object ToPython(const openmatch::AcknowledgedBackfill& value) {
  return types->acknowledged_backfill(ToPython(value.backfill), value.tickets);
}

}  // namespace gsh::python
