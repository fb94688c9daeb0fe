# What every target of ours shares: the language, the warnings, the place of the executables.

add_library(approvekit_warnings INTERFACE)
target_compile_options(approvekit_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
)

function(approvekit_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:approvekit_warnings>)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    COMPILE_WARNING_AS_ERROR ${APPROVEKIT_WARNINGS_AS_ERRORS})
  # Sources that are compiled together would be linked together: this way a program gets the functions that it uses.
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-ffunction-sections;-fdata-sections>")
endfunction()

# Static and hidden: nothing private becomes a symbol that others may come to rely on, and two plug-ins of one program
# can each have their own version.
function(approvekit_library_defaults target)
  approvekit_target_defaults(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    VERIFY_INTERFACE_HEADER_SETS ON)
  # What fuzzers follow is the library; the tests of the same build compile faster without.
  if(APPROVEKIT_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

function(approvekit_executable target)
  add_executable(${target} ${ARGN})
  approvekit_target_defaults(${target})
  target_link_options(${target} PRIVATE "$<$<AND:$<CONFIG:Release>,$<PLATFORM_ID:Linux>>:LINKER:--gc-sections>")
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Sources of one folder are compiled together, a few files at a time: most of a build's time is the reading of the
# same headers again. Small enough a stretch that a change of one file is built within seconds.
function(approvekit_compile_together target)
  if(NOT APPROVEKIT_UNITY_BUILD)
    return()
  endif()
  set(files_at_once 12)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "${CMAKE_CURRENT_BINARY_DIR}")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE place)
    cmake_path(GET place PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder)
    string(MAKE_C_IDENTIFIER "in_${folder}" folder)
    math(EXPR stretch "0${count_${folder}} / ${files_at_once}")
    math(EXPR count_${folder} "0${count_${folder}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${stretch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # g++ takes what stands together for one header, and a member of a file-local type for a member in it.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# A program whose --db takes every engine that this build has.
function(approvekit_use_engines target)
  if(TARGET approvekit_postgres)
    target_link_libraries(${target} PRIVATE approvekit::postgres)
    target_compile_definitions(${target} PRIVATE APPROVEKIT_HAS_POSTGRES)
  endif()
endfunction()
