# Gives httplib::httplib from the package's own CMake files where it has them, else from
# pkg-config. The flags of pkg-config matter: they carry the defines that the library was
# compiled with, and the layout of its classes depends on those.

find_package(httplib CONFIG QUIET)
if(NOT httplib_FOUND)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(cpp_httplib QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
  endif()
  set(httplib_VERSION "${cpp_httplib_VERSION}")
  if(cpp_httplib_FOUND AND NOT TARGET httplib::httplib)
    add_library(httplib::httplib INTERFACE IMPORTED GLOBAL)
    target_link_libraries(httplib::httplib INTERFACE PkgConfig::cpp_httplib)
  endif()
endif()

if(TARGET httplib::httplib)
  set(httplib_target httplib::httplib)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(httplib
  REQUIRED_VARS httplib_target
  VERSION_VAR httplib_VERSION)
