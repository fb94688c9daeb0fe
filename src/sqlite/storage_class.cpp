#include "sqlite/storage_class.hpp"

namespace approvekit::sqlite {

std::string storage_class_fault(std::initializer_list<StorageClass> columns) {
    std::string sql = "CASE";
    for (const StorageClass& column : columns) {
        sql.append(" WHEN typeof(").append(column.value).append(") NOT IN (").append(column.allowed);
        sql.append(") THEN 'its ").append(column.name).append(" is not stored as it was'");
    }
    return sql + " END";
}

}  // namespace approvekit::sqlite
