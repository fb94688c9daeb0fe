#pragma once

#include <initializer_list>
#include <string>

namespace approvekit::sqlite {

/// A column, and how its values may be stored: SQLite lets any column hold anything.
struct StorageClass {
    const char* name;
    const char* value;    ///< SQL
    const char* allowed;  ///< SQL, as in: 'text', 'null'
};

/// SQL for what is wrong with the first of `columns` that is stored in another way; NULL when none is.
[[nodiscard]] std::string storage_class_fault(std::initializer_list<StorageClass> columns);

}  // namespace approvekit::sqlite
