# One name for each library whose target is called differently from release to release.
# The installed package includes this file too, so that both agree.

function(approvekit_name_dependency name)
  set(target approvekit_dependency::${name})
  if(TARGET ${target})
    return()
  endif()
  foreach(candidate IN LISTS ARGN)
    if(TARGET ${candidate})
      add_library(${target} INTERFACE IMPORTED GLOBAL)
      target_link_libraries(${target} INTERFACE ${candidate})
      return()
    endif()
  endforeach()
endfunction()

approvekit_name_dependency(yaml_cpp yaml-cpp::yaml-cpp yaml-cpp)
approvekit_name_dependency(sqlite_cpp SQLiteCpp::SQLiteCpp SQLiteCpp)
approvekit_name_dependency(sqlite SQLite3::SQLite3 SQLite::SQLite3)
approvekit_name_dependency(sodium sodium::sodium)
approvekit_name_dependency(utf8proc utf8proc::utf8proc utf8proc)
approvekit_name_dependency(httplib httplib::httplib)
