# gRPC for C++ as the target GshGrpc::grpc++: the project's own gRPC::grpc++ where it has one (find_package(gRPC),
# FetchContent), else pkg-config's grpc++ (1.51 or later), which is what Debian installs.
if(TARGET gRPC::grpc++)
  set(GshGrpc_TARGET gRPC::grpc++)
else()
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(GSH_GRPC QUIET IMPORTED_TARGET grpc++>=1.51)
  endif()
  if(TARGET PkgConfig::GSH_GRPC)
    set(GshGrpc_TARGET PkgConfig::GSH_GRPC)
    set(GshGrpc_VERSION ${GSH_GRPC_VERSION})
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GshGrpc REQUIRED_VARS GshGrpc_TARGET
  REASON_FAILURE_MESSAGE "neither a target gRPC::grpc++ nor pkg-config's grpc++ is there (Debian: libgrpc++-dev)")

if(GshGrpc_FOUND AND NOT TARGET GshGrpc::grpc++)
  add_library(GshGrpc::grpc++ INTERFACE IMPORTED)
  target_link_libraries(GshGrpc::grpc++ INTERFACE ${GshGrpc_TARGET})
endif()
