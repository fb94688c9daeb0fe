# The version of nlohmann/json is part of its namespace and so of every symbol of ours that takes JSON: a library that
# was built with one cannot be linked into a program that has another. The installed package includes this file too.

# The version that the headers of nlohmann_json::nlohmann_json say they are; empty where they do not say.
function(approvekit_read_json_version result)
  set(${result} "" PARENT_SCOPE)
  get_target_property(directories nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
  foreach(directory IN LISTS directories)
    string(REGEX REPLACE "^\\$<BUILD_INTERFACE:(.*)>$" "\\1" directory "${directory}")
    foreach(header IN ITEMS nlohmann/detail/abi_macros.hpp nlohmann/json.hpp)
      if(NOT EXISTS "${directory}/${header}")
        continue()
      endif()
      file(STRINGS "${directory}/${header}" lines REGEX "#define NLOHMANN_JSON_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
      string(REGEX MATCH "MAJOR +([0-9]+).*MINOR +([0-9]+).*PATCH +([0-9]+)" numbers "${lines}")
      if(numbers)
        set(${result} "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}.${CMAKE_MATCH_3}" PARENT_SCOPE)
        return()
      endif()
    endforeach()
  endforeach()
endfunction()
