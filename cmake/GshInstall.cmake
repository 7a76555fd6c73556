# What is installed: libraries, headers, the CMake package and pkg-config files, in three install components:
#   gsh_runtime       shared libraries
#   gsh_development   headers, archives, the CMake package, pkg-config files
#   gsh_programs      the services and tools

# Programs are compiled with the version that the header says.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/gsh/version.h)
file(STRINGS ${PROJECT_SOURCE_DIR}/include/gsh/version.h version
  REGEX "^#define GSH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+$")
string(REGEX MATCHALL "[0-9]+" version "${version}")
list(JOIN version "." version)
if(NOT version VERSION_EQUAL PROJECT_VERSION)
  message(FATAL_ERROR "include/gsh/version.h says ${version}, project() ${PROJECT_VERSION}")
endif()

# Before 1.0 every minor version may change the ABI.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(GSH_COMPATIBLE ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
  set(GSH_COMPATIBLE ${PROJECT_VERSION_MAJOR})
endif()

# Of these nothing but headers is used, and those only while the library itself is compiled.
set(GSH_HEADER_ONLY nlohmann_json::nlohmann_json Boost::headers)

# Every other library that a component may link: what find_package calls it, and what pkg-config does.
set(GSH_EXTERNAL_Threads::Threads Threads -pthread)
set(GSH_EXTERNAL_OpenSSL::Crypto OpenSSL libcrypto)
set(GSH_EXTERNAL_OpenSSL::SSL OpenSSL libssl)
set(GSH_EXTERNAL_CURL::libcurl CURL -lcurl)  # not libcurl.pc, whose --static wants all that curl is made of
set(GSH_EXTERNAL_yaml-cpp yaml-cpp yaml-cpp)
set(GSH_EXTERNAL_protobuf::libprotobuf Protobuf protobuf)
set(GSH_EXTERNAL_GshGrpc::grpc++ GshGrpc grpc++)

# gsh_library(TARGET [INTERNAL] [TESTING] [APART] [DESCRIPTION text] [PUBLIC target...] [PRIVATE target...]): links TARGET
# (gsh_NAME), names it gsh::NAME for others, and remembers it for gsh_package().
function(gsh_library target)
  cmake_parse_arguments(arg "INTERNAL;TESTING;APART" "DESCRIPTION" "PUBLIC;PRIVATE" ${ARGN})
  string(REGEX REPLACE "^gsh_" "" name ${target})
  add_library(gsh::${name} ALIAS ${target})
  set(kind public)
  set(export_name ${name})
  if(arg_INTERNAL)
    set(kind internal)
    set(export_name internal_${name})
  elseif(arg_TESTING)
    set(kind testing)
  elseif(arg_APART)
    set(kind apart)
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name} VERSION ${PROJECT_VERSION}
    SOVERSION ${GSH_COMPATIBLE} INSTALL_RPATH $ORIGIN GSH_KIND ${kind} GSH_DESCRIPTION "${arg_DESCRIPTION}"
    GSH_PUBLIC "${arg_PUBLIC}" GSH_PRIVATE "${arg_PRIVATE}"
    DEFINE_SYMBOL "")  # GSH_EXPORT needs none, and so a cache of compilations serves both kinds of library
  if(NOT PROJECT_IS_TOP_LEVEL AND NOT GSH_INSTALL)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)  # a project around us builds what it links
  endif()
  set_property(GLOBAL APPEND PROPERTY GSH_LIBRARIES ${target})

  set(private)
  foreach(dependency IN LISTS arg_PRIVATE)
    if(dependency IN_LIST GSH_HEADER_ONLY)
      list(APPEND private $<BUILD_INTERFACE:${dependency}>)
    else()
      list(APPEND private ${dependency})
    endif()
  endforeach()
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${private})

  get_target_property(type ${target} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.map)
    target_link_options(${target} PRIVATE LINKER:--version-script=${exports} LINKER:--as-needed)
    if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")  # a sanitizer's functions are found in the program only
      target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${exports})
  endif()
endfunction()

function(gsh_install_program target)
  if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(${target} PROPERTIES INSTALL_RPATH $ORIGIN/${libraries})
  endif()
  install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT gsh_programs)
endfunction()

# All that `target` stands on, itself first, each before what it links: components of ours into OUT_OURS, external
# libraries into OUT_EXTERNAL. INTERNAL_ONLY does not look into other public components.
function(gsh_closure target out_ours out_external)
  cmake_parse_arguments(arg "INTERNAL_ONLY" "" "" ${ARGN})
  set(ours)
  set(external)
  gsh_closure_visit(${target} ${arg_INTERNAL_ONLY} TRUE)
  set(${out_ours} ${ours} PARENT_SCOPE)
  list(REMOVE_DUPLICATES external)
  set(${out_external} ${external} PARENT_SCOPE)
endfunction()

# Depth first; a macro-like function that extends its caller's `ours` and `external`.
function(gsh_closure_visit target internal_only is_root)
  if(target IN_LIST GSH_HEADER_ONLY)  # perhaps known in the folder that uses it alone
    return()
  endif()
  get_target_property(kind ${target} GSH_KIND)
  if(NOT kind)
    list(APPEND external ${target})
  elseif(NOT target IN_LIST ours)
    if(is_root OR NOT internal_only OR kind STREQUAL "internal")
      get_target_property(public ${target} GSH_PUBLIC)
      get_target_property(private ${target} GSH_PRIVATE)
      foreach(dependency IN LISTS private public)
        gsh_closure_visit(${dependency} ${internal_only} FALSE)
      endforeach()
    endif()
    list(PREPEND ours ${target})
  endif()
  set(ours ${ours} PARENT_SCOPE)
  set(external ${external} PARENT_SCOPE)
endfunction()

# gsh-NAME.pc. A shared library hides what it is made of; a static one passes it on, for `pkg-config --static`.
function(gsh_pkg_config target)
  string(REGEX REPLACE "^gsh_" "" name ${target})
  get_target_property(public ${target} GSH_PUBLIC)
  get_target_property(description ${target} GSH_DESCRIPTION)
  gsh_closure(${target} ours external INTERNAL_ONLY)
  set(requires)
  set(requires_private)
  set(libs_private)
  list(REMOVE_ITEM ours ${target})
  foreach(dependency IN LISTS ours)
    get_target_property(kind ${dependency} GSH_KIND)
    string(REPLACE "gsh_" "gsh-" package ${dependency})
    if(dependency IN_LIST public)
      list(APPEND requires "${package} = ${PROJECT_VERSION}")
    elseif(kind STREQUAL "internal")
      list(APPEND libs_private -l${dependency})
    else()
      list(APPEND requires_private "${package} = ${PROJECT_VERSION}")
    endif()
  endforeach()
  foreach(library IN LISTS external)
    list(GET GSH_EXTERNAL_${library} 1 package)
    if(package MATCHES "^-")
      list(APPEND libs_private ${package})
    else()
      list(APPEND requires_private ${package})
    endif()
  endforeach()
  if(BUILD_SHARED_LIBS)
    list(FILTER requires_private INCLUDE REGEX "^gsh-")
    set(libs_private)
  endif()
  list(JOIN requires ", " requires)
  list(JOIN requires_private ", " requires_private)
  list(JOIN libs_private " " libs_private)
  string(JOIN "\n" GSH_PC_FIELDS
    "Cflags: -I\${includedir}" "Libs: -L\${libdir} -l${target}" "Libs.private: ${libs_private}"
    "Requires: ${requires}" "Requires.private: ${requires_private}")
  gsh_write_pc(gsh-${name} "libgsh: ${description}")
endfunction()

# Writes and installs NAME.pc from GSH_PC_FIELDS; fields without a value are left out.
function(gsh_write_pc GSH_PC_NAME GSH_PC_DESCRIPTION)
  string(REGEX REPLACE "\n[A-Za-z.]+: (\n|$)" "\\1" GSH_PC_FIELDS "${GSH_PC_FIELDS}")
  string(REGEX REPLACE "\n[A-Za-z.]+: (\n|$)" "\\1" GSH_PC_FIELDS "${GSH_PC_FIELDS}")
  # Relative to the file itself, for `cmake --install --prefix`.
  set(folder ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH GSH_PC_LIBDIR ${folder} ${CMAKE_INSTALL_FULL_LIBDIR})
  file(RELATIVE_PATH GSH_PC_INCLUDEDIR ${folder} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  set(file ${PROJECT_BINARY_DIR}/package/${GSH_PC_NAME}.pc)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/component.pc.in ${file} @ONLY)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT gsh_development)
endfunction()

# gshConfig.cmake: the find_dependency calls that the components asked for need. Only archives need any.
function(gsh_cmake_package components)
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/gsh)
  list(TRANSFORM components REPLACE "^gsh_" "" OUTPUT_VARIABLE names)
  string(JOIN " " GSH_COMPONENTS ${names})
  set(GSH_FIND_DEPENDENCIES)
  if(NOT BUILD_SHARED_LIBS)
    foreach(target IN LISTS components)
      gsh_closure(${target} ours external)
      set(packages)
      foreach(library IN LISTS external)
        list(GET GSH_EXTERNAL_${library} 0 package)
        list(APPEND packages ${package})
      endforeach()
      list(REMOVE_DUPLICATES packages)
      list(JOIN packages " " packages)
      string(REGEX REPLACE "^gsh_" "" name ${target})
      string(APPEND GSH_FIND_DEPENDENCIES "set(_gsh_needs_${name} ${packages})\n")
    endforeach()
    file(READ ${PROJECT_SOURCE_DIR}/cmake/find_dependencies.cmake code)
    string(APPEND GSH_FIND_DEPENDENCIES "\n${code}")
    install(FILES ${PROJECT_SOURCE_DIR}/cmake/FindGshGrpc.cmake DESTINATION ${folder} COMPONENT gsh_development)
  endif()

  include(CMakePackageConfigHelpers)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/gshConfig.cmake.in
    ${PROJECT_BINARY_DIR}/package/gshConfig.cmake INSTALL_DESTINATION ${folder} NO_SET_AND_CHECK_MACRO)
  if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
  else()
    set(compatibility SameMajorVersion)
  endif()
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/gshConfigVersion.cmake COMPATIBILITY ${compatibility})
  install(FILES ${PROJECT_BINARY_DIR}/package/gshConfig.cmake ${PROJECT_BINARY_DIR}/package/gshConfigVersion.cmake
    DESTINATION ${folder} COMPONENT gsh_development)
  install(EXPORT gsh NAMESPACE gsh:: FILE gshTargets.cmake DESTINATION ${folder} COMPONENT gsh_development)
endfunction()

# Called once, when every component is known: gsh::gsh, the target gsh_libraries, and the rules for installing.
function(gsh_package)
  get_property(libraries GLOBAL PROPERTY GSH_LIBRARIES)
  set(components)
  set(everything)
  foreach(target IN LISTS libraries)
    get_target_property(kind ${target} GSH_KIND)
    if(NOT kind STREQUAL "internal")
      list(APPEND components ${target})
    endif()
    if(kind STREQUAL "public")
      list(APPEND everything ${target})
    endif()
  endforeach()

  add_library(gsh_gsh INTERFACE)
  add_library(gsh::gsh ALIAS gsh_gsh)
  set_target_properties(gsh_gsh PROPERTIES EXPORT_NAME gsh)
  target_link_libraries(gsh_gsh INTERFACE ${everything})
  add_custom_target(gsh_libraries DEPENDS ${components})
  if(NOT GSH_INSTALL)
    return()
  endif()

  # Archives come with the internal ones that they need.
  set(installed ${components})
  if(NOT BUILD_SHARED_LIBS)
    foreach(target IN LISTS components)
      gsh_closure(${target} ours external)
      list(APPEND installed ${ours})
    endforeach()
    list(REMOVE_DUPLICATES installed)
  endif()
  install(TARGETS gsh_gsh ${installed} EXPORT gsh
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT gsh_development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT gsh_runtime NAMELINK_COMPONENT gsh_development)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/gsh DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    COMPONENT gsh_development FILES_MATCHING PATTERN "*.h")
  gsh_cmake_package("${components}")
  foreach(target IN LISTS components)
    gsh_pkg_config(${target})
  endforeach()
  list(TRANSFORM everything REPLACE "^gsh_(.*)$" "gsh-\\1 = ${PROJECT_VERSION}" OUTPUT_VARIABLE requires)
  list(JOIN requires ", " requires)
  set(GSH_PC_FIELDS "Requires: ${requires}")
  gsh_write_pc(libgsh "libgsh: all components that programs link")
endfunction()
