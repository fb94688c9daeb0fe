# find_package(approvekit COMPONENTS core terminal web postgres): each component is an export set of its own, so that who
# wants only guard() needs no HTTP library.

include(CMakePackageConfigHelpers)
include(JsonVersion)
approvekit_read_json_version(json_version)
set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/approvekit)

function(approvekit_install_component component target)
  if(NOT TARGET ${target})
    return()
  endif()
  install(TARGETS ${target} EXPORT approvekit-${component} FILE_SET HEADERS)
  install(EXPORT approvekit-${component} NAMESPACE approvekit:: DESTINATION ${package_directory})
endfunction()

approvekit_install_component(core approvekit)
approvekit_install_component(terminal approvekit_terminal)
approvekit_install_component(web approvekit_web)
approvekit_install_component(postgres approvekit_postgres)
if(APPROVEKIT_TOOLS)
  install(TARGETS approvekit-web approvekit-review)
endif()

configure_package_config_file(cmake/approvekitConfig.cmake.in approvekitConfig.cmake
  INSTALL_DESTINATION ${package_directory})
write_basic_package_version_file(approvekitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES
    ${CMAKE_CURRENT_BINARY_DIR}/approvekitConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/approvekitConfigVersion.cmake
    cmake/DependencyTargets.cmake
    cmake/Findhttplib.cmake
    cmake/Findre2.cmake
    cmake/Findsodium.cmake
    cmake/JsonVersion.cmake
    cmake/Findutf8proc.cmake
  DESTINATION ${package_directory})
