# Gives utf8proc::utf8proc from the package's own CMake files where it has them, else from pkg-config.

find_package(utf8proc CONFIG QUIET)
if(NOT TARGET utf8proc::utf8proc)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(libutf8proc QUIET IMPORTED_TARGET GLOBAL libutf8proc)
  endif()
  set(utf8proc_VERSION "${libutf8proc_VERSION}")
  if(libutf8proc_FOUND)
    add_library(utf8proc::utf8proc INTERFACE IMPORTED GLOBAL)
    target_link_libraries(utf8proc::utf8proc INTERFACE PkgConfig::libutf8proc)
  endif()
endif()

if(TARGET utf8proc::utf8proc)
  set(utf8proc_target utf8proc::utf8proc)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(utf8proc
  REQUIRED_VARS utf8proc_target
  VERSION_VAR utf8proc_VERSION)
