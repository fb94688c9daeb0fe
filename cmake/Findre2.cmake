# Gives re2::re2 from the package's own CMake files where it has them, else from pkg-config.

find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(pkg_re2 QUIET IMPORTED_TARGET GLOBAL re2)
  endif()
  set(re2_VERSION "${pkg_re2_VERSION}")
  if(pkg_re2_FOUND)
    add_library(re2::re2 INTERFACE IMPORTED GLOBAL)
    target_link_libraries(re2::re2 INTERFACE PkgConfig::pkg_re2)
  endif()
endif()

if(TARGET re2::re2)
  set(re2_target re2::re2)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(re2
  REQUIRED_VARS re2_target
  VERSION_VAR re2_VERSION)
