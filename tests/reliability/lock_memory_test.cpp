// What stays locked if any of our own requests for memory fails.
#include "sqlite/locked_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <string>

namespace {

/// The n-th request of this thread, from 1, gets nothing. 0 means that all succeed.
thread_local int failing_request = 0;

void* request_memory(std::size_t size) {
    if (failing_request > 0 && --failing_request == 0) throw std::bad_alloc();
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return request_memory(size);
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return request_memory(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace approvekit::sqlite {
namespace {

int map_first_region(LockedFile& file) {
    void volatile* memory = nullptr;
    return file.map_index(0, 32768, true, &memory);
}

/// Returns a result code of SQLite, as the caller of this function would.
int map_with_failure(LockedFile& file, int request) {
    failing_request = request;
    int result = SQLITE_NOMEM;
    try {
        result = map_first_region(file);
    } catch (const std::bad_alloc&) {
    }
    if (failing_request > 0) result = SQLITE_DONE;
    failing_request = 0;
    return result;
}

std::unique_ptr<LockedFile> open_with_log(const std::string& path) {
    auto file = LockedFile::open(path.c_str(), true);
    REQUIRE(file);
    REQUIRE(file->remember_log());
    return file;
}

}  // namespace

TEST_CASE("G4 H35 memory runs out while the log is joined, and nothing stays locked") {
    const TemporaryDirectory directory;
    const std::string path = (directory / "a-name-that-takes-memory.db").string();
    std::ofstream(path) << "text";
    std::ofstream(path + "-wal") << "text";
    int request = 1;
    for (int result = SQLITE_NOMEM; result != SQLITE_DONE; ++request) {
        CAPTURE(request);
        const auto file = open_with_log(path);
        result = map_with_failure(*file, request);
        CHECK((result == SQLITE_NOMEM || result == SQLITE_DONE));
        CHECK(map_first_region(*open_with_log(path)) == SQLITE_OK);
    }
    CHECK(request > 4);
}

}  // namespace approvekit::sqlite
