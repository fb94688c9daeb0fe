#pragma once

#include "sqlite/query.hpp"

#include <string>

namespace approvekit::sqlite {

/// The listings of audit entries, with the columns of record::EntryColumn.
struct EntryListings {
    /// `lane`: SQL for the lane of the entry in `a`.
    EntryListings(SQLite::Database& database, const std::string& lane);

    Query settlement;  ///< of a request
    Query find;        ///< of a request, the entry with an id
    Query each_of;     ///< of a request

    // These also take the largest number of entries.
    Query placed;     ///< from a place on, with what is wrong with how each entry is stored
    Query newest;     ///< before a place
    Query oldest;     ///< after a place
    Query newest_of;  ///< of a request, before a place
    Query oldest_of;  ///< of a request, after a place
};

}  // namespace approvekit::sqlite
