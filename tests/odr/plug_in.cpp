#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"

/// Opens the record and returns how many requests wait in it; -1 if it cannot be opened.
extern "C" __attribute__((visibility("default"))) int count_requests(const char* path) {
    try {
        return static_cast<int>(approvekit::SqliteStorage(path).list({}).requests.size());
    } catch (const approvekit::Error&) {
        return -1;
    }
}
