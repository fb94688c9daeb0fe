#include "sqlite/query.hpp"

#include "text/utf8.hpp"

#include <utility>

namespace approvekit::sqlite {
Rows::~Rows() {
    if (statement_ != nullptr) statement_->tryReset();
}

Rows::Rows(Rows&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), longest_text_(other.longest_text_) {}

bool Rows::next() {
    return statement_->executeStep();
}

std::string Rows::text(int column) const {
    const std::string_view all = bytes(column);
    return all.size() > longest_text_ ? text::left_out_text(all.size()) : std::string(all);
}

std::optional<std::string> Rows::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::int64_t Rows::integer(int column) const {
    return statement_->getColumn(column).getInt64();
}

bool Rows::is_null(int column) const {
    return statement_->isColumnNull(column);
}

std::string_view Rows::bytes(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    const void* data = value.getBlob();
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(value.getBytes())};
}

std::size_t Rows::size() const {
    std::size_t total = 0;
    for (int column = 0; column < statement_->getColumnCount(); ++column) {
        const SQLite::Column value = statement_->getColumn(column);
        if (!value.isText() && !value.isBlob()) continue;
        const auto length = static_cast<std::size_t>(value.getBytes());
        if (length <= longest_text_) total += length;
    }
    return total;
}

void Query::prepare() {
    if (!statement_) statement_ = std::make_unique<SQLite::Statement>(database_, sql_);
}

void Query::bind(int index, const std::string& text) {
    statement_->bindNoCopy(index, text);
}

void Query::bind(int index, std::string_view text) {
    statement_->bind(index, std::string(text));
}

void Query::bind(int index, std::int64_t value) {
    statement_->bind(index, value);
}

void Query::bind(int index, Blob blob) {
    statement_->bind(index, static_cast<const void*>(blob.bytes.data()), static_cast<int>(blob.bytes.size()));
}

void Query::bind(int index, std::nullptr_t) {
    statement_->bind(index);
}

std::string storage_class_fault(std::initializer_list<StorageClass> columns) {
    std::string sql = "CASE";
    for (const StorageClass& column : columns) {
        sql.append(" WHEN typeof(").append(column.value).append(") NOT IN (").append(column.allowed);
        sql.append(") THEN 'its ").append(column.name).append(" is not stored as it was'");
    }
    return sql + " END";
}

}  // namespace approvekit::sqlite
