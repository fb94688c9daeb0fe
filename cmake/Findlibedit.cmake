# Gives libedit::libedit. libedit describes itself by pkg-config only.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(libedit QUIET IMPORTED_TARGET GLOBAL libedit)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libedit
  REQUIRED_VARS libedit_LINK_LIBRARIES
  VERSION_VAR libedit_VERSION
  REASON_FAILURE_MESSAGE "Install libedit and pkg-config: \
'apt-get install libedit-dev pkg-config' on Debian and Ubuntu, \
'brew install libedit pkgconf' on macOS, where pkg-config finds it \
with PKG_CONFIG_PATH=$(brew --prefix libedit)/lib/pkgconfig.")

if(libedit_FOUND AND NOT TARGET libedit::libedit)
  add_library(libedit::libedit INTERFACE IMPORTED GLOBAL)
  target_link_libraries(libedit::libedit INTERFACE PkgConfig::libedit)
endif()
