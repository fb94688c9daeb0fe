#pragma once

#include "sqlite/query.hpp"

#include <string>

namespace approvekit::sqlite {

/// The listings of audit entries, in the order of record::EntryColumn.
struct EntryListings {
    /// `lane`: SQL for the lane of the entry in `a`.
    EntryListings(SQLite::Database& database, const std::string& lane);

    Query settlement;  ///< of a request
    Query find;        ///< of a request, the one with that id
    Query each_of;     ///< of a request
    Query placed;      ///< from a place on, so many, with what is wrong with how each is stored
    Query newest;      ///< before a place, so many
    Query oldest;      ///< behind a place, so many
    Query newest_of;   ///< of a request, before a place, so many
    Query oldest_of;   ///< of a request, behind a place, so many
};

}  // namespace approvekit::sqlite
