// A program and a plug-in that each contain the library. Neither sees the other's symbols, and both use one record.
#include "approvekit/sqlite_storage.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <dlfcn.h>

namespace {

int fail(const std::string& text) {
    std::cerr << text << '\n';
    return 1;
}

/// Counts the file systems that copies of the library have registered with SQLite, by their names.
int count_file_systems() {
    int found = 0;
    for (const sqlite3_vfs* each = sqlite3_vfs_find(nullptr); each != nullptr; each = each->pNext)
        found +=
            std::string_view(each->zName).starts_with("approvekit") && sqlite3_vfs_find(each->zName) == each ? 1 : 0;
    return found;
}

int try_both(void* plug_in, const std::string& path) {
    if (::dlsym(plug_in, "_ZN10approvekit13SqliteStorageD1Ev") != nullptr)
        return fail("the plug-in exports the library's symbols");
    using Count = int (*)(const char*);
    const auto count = reinterpret_cast<Count>(::dlsym(plug_in, "count_requests"));
    if (count == nullptr) return fail("the plug-in lacks its function");
    const approvekit::SqliteStorage before(path);
    if (count(path.c_str()) != 0) return fail("the plug-in cannot open the record");
    if (count_file_systems() != 2) return fail("one opens its files by the way of the other");
    approvekit::SqliteStorage after(path);
    return after.list({}).requests.empty() ? 0 : fail("there is a request");
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return fail("usage: plug_in_host PLUG_IN");
    void* const plug_in = ::dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (plug_in == nullptr) return fail(::dlerror());
    std::string directory = (std::filesystem::temp_directory_path() / "approvekit-XXXXXX").string();
    if (::mkdtemp(directory.data()) == nullptr) return fail("there is no temporary directory");
    const int result = try_both(plug_in, directory + "/agent.db");
    std::filesystem::remove_all(directory);
    return result;
}
