# Builds and runs the consumer both ways, as a user would.

set(prefix "${CMAKE_CURRENT_BINARY_DIR}/prefix")
set(same_toolchain
  "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}"
  "-DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}"
  "-DCMAKE_C_FLAGS=${CMAKE_C_FLAGS}"
  "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
  "-DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS}"
  "-DCMAKE_CXX_FLAGS_DEBUG=-O0")  # the quickest to compile; its speed at run time does not matter here

function(approvekit_consumer_test name)
  add_test(NAME ${name}
    COMMAND ${CMAKE_CTEST_COMMAND}
      --build-and-test ${CMAKE_CURRENT_SOURCE_DIR}/consumer ${CMAKE_CURRENT_BINARY_DIR}/${name}
      --build-generator ${CMAKE_GENERATOR}
      --build-options ${same_toolchain} ${ARGN}
      --test-command ${CMAKE_CTEST_COMMAND} --output-on-failure --no-tests=error)
  set_tests_properties(${name} PROPERTIES LABELS packaging TIMEOUT 900)
endfunction()

add_test(NAME consumer_prefix_emptied COMMAND ${CMAKE_COMMAND} -E rm -rf ${prefix})
add_test(NAME consumer_prefix_installed
  COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${prefix})
approvekit_consumer_test(consumer_find_package -DCMAKE_PREFIX_PATH=${prefix})
approvekit_consumer_test(consumer_add_subdirectory -DAPPROVEKIT_SOURCE_DIR=${PROJECT_SOURCE_DIR})
# The tests that compile the library begin early, and one at a time.
set_tests_properties(consumer_add_subdirectory PROPERTIES COST 900 RESOURCE_LOCK compiler)

set_tests_properties(consumer_prefix_emptied PROPERTIES LABELS packaging FIXTURES_SETUP emptied)
set_tests_properties(consumer_prefix_installed PROPERTIES
  LABELS packaging FIXTURES_REQUIRED emptied FIXTURES_SETUP installed)
set_tests_properties(consumer_find_package PROPERTIES FIXTURES_REQUIRED installed)

get_target_property(json_directories nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
list(GET json_directories 0 json_directory)
string(REGEX REPLACE "^\\$<BUILD_INTERFACE:(.*)>$" "\\1" json_directory "${json_directory}")
add_test(NAME consumer_json_mismatch
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/consumer/json_mismatch
    ${prefix} ${CMAKE_CURRENT_BINARY_DIR}/json_mismatch ${CMAKE_CXX_COMPILER} ${json_directory})
set_tests_properties(consumer_json_mismatch PROPERTIES LABELS packaging FIXTURES_REQUIRED installed TIMEOUT 300)

add_test(NAME consumer_two_files
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/consumer/two_files ${CMAKE_CURRENT_BINARY_DIR}/two_files ${CMAKE_CXX_COMPILER})
set_tests_properties(consumer_two_files PROPERTIES LABELS packaging TIMEOUT 900 COST 700 RESOURCE_LOCK compiler)
