# gsh_component(NAME [INTERNAL] [TESTING] [APART] [TSAN] [TEST_BY_FOLDER] [DESCRIPTION text] [SUBDIRS folder...] [PUBLIC target...]
#               [PRIVATE target...] [TEST target...] [PCH header] [ALONE pattern...])
#
# One folder is one component: every *.cc in it is compiled into the library gsh_NAME (alias gsh::NAME), every
# *_test.cc into the test program gsh_NAME_test. INTERNAL components are always static: they are hidden inside
# the libraries that use them. TESTING components are no part of gsh::gsh, nor are those APART, which need a
# library that not everybody has. DESCRIPTION is what pkg-config says of it.
# SUBDIRS are folders below whose files belong to the component too; with TEST_BY_FOLDER the tests of each are a
# program of their own, gsh_NAME_FOLDER_test. TEST targets are linked into the test program
# only. TSAN says that the unit tests start no gRPC (Debian's is not instrumented), so that they run under
# ThreadSanitizer too. PCH is a header worth precompiling for the library: gRPC's takes seconds a file; precompiled it is
# 230 MB, which pays from some ten files on. Files that match ALONE are never compiled together with others, see
# gsh_together.
function(gsh_component name)
  cmake_parse_arguments(arg "INTERNAL;TESTING;APART;TSAN;TEST_BY_FOLDER" "DESCRIPTION;PCH" "SUBDIRS;PUBLIC;PRIVATE;TEST;ALONE" ${ARGN})
  set(patterns ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  foreach(folder IN LISTS arg_SUBDIRS)
    list(APPEND patterns ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(arg_INTERNAL)
    add_library(gsh_${name} STATIC ${sources})
  else()
    add_library(gsh_${name} ${sources})
  endif()
  target_compile_features(gsh_${name} PUBLIC cxx_std_20)
  target_include_directories(gsh_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(gsh_${name} PRIVATE ${GSH_WARNINGS})
  if(arg_INTERNAL)
    gsh_library(gsh_${name} INTERNAL PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  else()
    if(arg_TESTING)
      set(kind TESTING)
    elseif(arg_APART)
      set(kind APART)
    endif()
    gsh_library(gsh_${name} ${kind} DESCRIPTION ${arg_DESCRIPTION} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  endif()
  if(GSH_TOGETHER)
    gsh_together(gsh_${name} ${arg_ALONE})
  endif()
  if(arg_PCH)
    target_precompile_headers(gsh_${name} PRIVATE ${PROJECT_SOURCE_DIR}/${arg_PCH})
  endif()
  if(NOT GSH_BUILD_TESTS)
    return()
  endif()
  set(suites unit)
  if(arg_TSAN)
    list(APPEND suites tsan)
  endif()
  set(link gsh_${name} ${arg_PUBLIC} ${arg_PRIVATE} ${arg_TEST})
  if(arg_TEST_BY_FOLDER)
    foreach(folder IN LISTS arg_SUBDIRS)
      set(tests_of_folder ${tests})
      list(FILTER tests_of_folder INCLUDE REGEX "/${folder}/[^/]*$")
      list(REMOVE_ITEM tests ${tests_of_folder})
      if(tests_of_folder)
        string(REPLACE "/" "_" suffix ${folder})
        gsh_test(gsh_${name}_${suffix}_test SUITES ${suites} SOURCES ${tests_of_folder} LINK ${link} ALONE ${arg_ALONE})
      endif()
    endforeach()
  endif()
  if(tests)
    gsh_test(gsh_${name}_test SUITES ${suites} SOURCES ${tests} LINK ${link} ALONE ${arg_ALONE})
  endif()
endfunction()

# gsh_together(TARGET [PATTERN...]): compiles the target's files six at a time, which takes a third to a half of the time
# that they take one by one: most of it goes into headers. So files of one target cannot have helpers of the same name,
# unless one of the two matches a pattern. Tests are always compiled so, libraries with GSH_TOGETHER, as the presets of
# the sanitizers have it: released ones are linked by the file.
function(gsh_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  # GCC takes a class whose file is included for one that others see, too.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  foreach(pattern IN LISTS ARGN)
    file(GLOB alone ${pattern})
    if(NOT alone)
      message(FATAL_ERROR "${target}: no file matches ${pattern}")
    endif()
    set_source_files_properties(${alone} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
endfunction()

# gsh_test(NAME SUITES suite... SOURCES file... LINK target... [ALONE pattern...]): a GoogleTest program, each case a
# CTest test with the suites as labels. The target gsh_SUITE_tests builds all programs of a suite. GSH_TEST_OPTIONS are compiler
# options for their own files alone, which need not be fast.
function(gsh_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SUITES;SOURCES;LINK;ALONE" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  gsh_together(${name} ${arg_ALONE})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${GSH_WARNINGS} ${GSH_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock GTest::gtest_main)
  include(GoogleTest)
  # One label for all of them ("unit+tsan"): gtest_discover_tests cannot pass a list on. CTest's -L looks inside it.
  list(JOIN arg_SUITES "+" label)
  # By their names alone: the values of parameters that nothing prints are addresses and bytes.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${label}" TIMEOUT ${arg_TIMEOUT})
  foreach(suite IN LISTS arg_SUITES)
    if(NOT TARGET gsh_${suite}_tests)
      add_custom_target(gsh_${suite}_tests)
    endif()
    add_dependencies(gsh_${suite}_tests ${name})
  endforeach()
endfunction()

# gsh_tcmalloc(TARGET): the program allocates by tcmalloc, if GSH_TCMALLOC found it (see ADR 5).
function(gsh_tcmalloc target)
  if(GSH_TCMALLOC_LIBRARY)
    target_link_libraries(${target} PRIVATE ${GSH_TCMALLOC_LIBRARY})
  endif()
endfunction()

# gsh_program(NAME [TCMALLOC] SOURCES file... LINK target...): a service or a tool of ours, in bin/. The target
# gsh_programs builds all of them. TCMALLOC is for those that hold many calls or tickets.
function(gsh_program name)
  cmake_parse_arguments(arg "TCMALLOC" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${GSH_WARNINGS})
  if(arg_TCMALLOC)
    gsh_tcmalloc(${name})  # before the others, so that its malloc is the one that is found
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  if(NOT TARGET gsh_programs)
    add_custom_target(gsh_programs)
  endif()
  add_dependencies(gsh_programs ${name})
  if(GSH_INSTALL)
    gsh_install_program(${name})
  endif()
endfunction()

set(GSH_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of GCC 12 on std::string (its bugs 105329 and 105651).
  list(APPEND GSH_WARNINGS -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's std::stable_sort uses what it deprecates itself, and clang blames the caller.
  list(APPEND GSH_WARNINGS -Wno-deprecated-declarations)
endif()
if(GSH_WERROR)
  list(APPEND GSH_WARNINGS -Werror)
endif()
