# Gives sodium::sodium. libsodium describes itself by pkg-config only.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(sodium QUIET IMPORTED_TARGET GLOBAL libsodium)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(sodium
  REQUIRED_VARS sodium_LINK_LIBRARIES
  VERSION_VAR sodium_VERSION
  REASON_FAILURE_MESSAGE "Install libsodium and pkg-config: \
'apt-get install libsodium-dev pkg-config' on Debian and Ubuntu, \
'brew install libsodium pkgconf' on macOS.")

if(sodium_FOUND AND NOT TARGET sodium::sodium)
  add_library(sodium::sodium INTERFACE IMPORTED GLOBAL)
  target_link_libraries(sodium::sodium INTERFACE PkgConfig::sodium)
endif()
