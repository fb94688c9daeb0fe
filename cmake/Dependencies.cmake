# The system's packages first; what is missing is fetched at the commit named here.
# libsodium and libedit have no CMake build and therefore must come from the system.

include(FetchContent)

function(approvekit_declare name repository commit)
  FetchContent_Declare(${name} SYSTEM
    GIT_REPOSITORY https://github.com/${repository}.git
    GIT_TAG ${commit}
    GIT_SUBMODULES ""
    FIND_PACKAGE_ARGS GLOBAL ${ARGN})
  set(wanted ${wanted} ${name} PARENT_SCOPE)
endfunction()

# Settings of fetched packages. A package that was found ignores them.
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)      # option() in an older project keeps what is set here
set(JSON_Install ON)                       # our public headers need it beside them
set(YAML_CPP_INSTALL ON)
set(YAML_CPP_BUILD_TOOLS OFF)
set(UTF8PROC_INSTALL ON)                  # a static approvekit names it
set(RE2_BUILD_TESTING OFF)
set(BUILD_TZ_LIB ON)
set(USE_SYSTEM_TZ_DB ON)                   # the zones of the machine, nothing is downloaded
set(SQLITECPP_INTERNAL_SQLITE OFF)         # one SQLite in a process: the system's
set(SQLITECPP_RUN_CPPLINT OFF)
set(SQLITECPP_RUN_CPPCHECK OFF)
set(HTTPLIB_USE_OPENSSL_IF_AVAILABLE OFF)  # the reviewer speaks plain HTTP on the loopback
set(HTTPLIB_USE_ZLIB_IF_AVAILABLE OFF)
set(HTTPLIB_USE_BROTLI_IF_AVAILABLE OFF)
set(HTTPLIB_USE_ZSTD_IF_AVAILABLE OFF)
set(CLI11_INSTALL OFF)

approvekit_declare(nlohmann_json nlohmann/json 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03)  # 3.11.3
approvekit_declare(yaml-cpp jbeder/yaml-cpp 56e3bb550c91fd7005566f19c079cb7a503223cf)     # 0.9.0
approvekit_declare(SQLiteCpp SRombauts/SQLiteCpp 08aa70a45ea52abcd8ee6b5d1ab1542140b3c7f5)  # 3.3.2
approvekit_declare(utf8proc JuliaStrings/utf8proc e5e799221b45bbb90f5fdc5c69b6b8dfbf017e78)  # 2.11.3
approvekit_declare(re2 google/re2 3a8436ac436124a57a4e22d5c8713a2d42b381d7)  # 2023-03-01, the last without Abseil
approvekit_declare(date HowardHinnant/date f94b8f36c6180be0021876c4a397a054fe50c6f2)  # 3.0.4
if(APPROVEKIT_WEB)
  approvekit_declare(httplib yhirose/cpp-httplib b8fe69e4e892ec394ca8de27ab2fe219008690b6)  # 0.53.1
endif()
if(APPROVEKIT_TOOLS OR APPROVEKIT_DEMO)
  approvekit_declare(CLI11 CLIUtils/CLI11 37bb6edc5317e99af72ef48405e65d9ca5218861)  # 2.6.2
endif()
if(APPROVEKIT_TESTS)
  approvekit_declare(Catch2 catchorg/Catch2 fa43b77429ba76c462b1898d6cd2f2d7a9416b14)  # 3.7.1
endif()
FetchContent_MakeAvailable(${wanted})

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(sodium REQUIRED)
if(APPROVEKIT_TOOLS)
  find_package(libedit REQUIRED)
endif()
if(APPROVEKIT_POSTGRES)
  find_package(PostgreSQL REQUIRED)
endif()
include(DependencyTargets)
