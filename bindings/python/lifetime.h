// The interpreter's life and its global lock (GIL), as the library's threads see them.
//
// A thread that asks for the GIL after the interpreter has begun to end is killed by CPython
// (before 3.14), through whatever C++ frames it stands in. So nobody asks then: every thread that
// is without the GIL and will want it, comes from outside, or runs Python code from C++ (which may
// lose the GIL at any time) is counted, and an atexit handler closes the clients and waits until
// none is left.
#ifndef GSH_BINDINGS_PYTHON_LIFETIME_H_
#define GSH_BINDINGS_PYTHON_LIFETIME_H_

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <utility>

namespace gsh::python {

namespace py = pybind11;

// While one exists, the interpreter does not end. False: it is ending already.
class Stay {
 public:
  Stay();
  ~Stay();
  Stay(const Stay&) = delete;
  Stay& operator=(const Stay&) = delete;
  explicit operator bool() const { return entered_; }

 private:
  const bool entered_;
};

// The same, for what cannot go on then: throws StatusError (FailedPrecondition).
class Entered {
 public:
  Entered();

 private:
  Stay stay_;
};

// Releases the GIL, which the thread holds, for the time of its life. Throws as Entered does.
class Unlocked {
 private:
  Entered entered_;
  py::gil_scoped_release release_;
};

// Holds the GIL, on any thread. False, and without it, when the interpreter is ending.
class Locked {
 public:
  Locked();
  explicit operator bool() const { return acquire_.has_value(); }

 private:
  Stay stay_;
  std::optional<py::gil_scoped_acquire> acquire_;
};

// A Python object that any thread may move and destroy. Never freed once the interpreter is ending.
class AnyThreadObject {
 public:
  explicit AnyThreadObject(py::object object) : object_(object.release().ptr()) {}
  AnyThreadObject(AnyThreadObject&& other) noexcept
      : object_(std::exchange(other.object_, nullptr)) {}
  AnyThreadObject& operator=(AnyThreadObject&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~AnyThreadObject();

  py::handle get() const { return object_; }  // with the GIL

 private:
  PyObject* object_;
};

// What the library's threads may call Python for.
class Closable {
 public:
  virtual ~Closable() = default;
  // No callback runs after it has returned. Called without the GIL.
  virtual void Close() = 0;
};

// `closable` is closed before the interpreter ends. False: it is ending already.
[[nodiscard]] bool CloseAtExit(std::weak_ptr<Closable> closable);

// Makes the interpreter's end wait as described above.
void RegisterAtExit();

}  // namespace gsh::python

#endif  // GSH_BINDINGS_PYTHON_LIFETIME_H_
