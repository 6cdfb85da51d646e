/* SPDX-License-Identifier: Apache-2.0 */
package io.dynastore.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * The layout of a table. Immutable: each method returns a new one.
 *
 * <pre>{@code
 * TableSpec.partitionKey("id", S).sortKey("at", N).globalIndex("by-owner", "owner", S, ALL).timeToLive("expires")
 * }</pre>
 *
 * @param partition     the partition key
 * @param sort          the sort key, if there is one
 * @param localIndexes  indexes with the table's partition key and a sort key of their own
 * @param globalIndexes indexes with keys of their own
 * @param ttlAttribute  the attribute with an item's expiry, in seconds since 1970
 * @param streamView    the content of the table's stream records; empty for no stream
 */
public record TableSpec(
        KeySpec partition,
        Optional<KeySpec> sort,
        List<IndexSpec> localIndexes,
        List<IndexSpec> globalIndexes,
        Optional<String> ttlAttribute,
        Optional<StreamViewType> streamView) {

    /**
     * A key attribute.
     *
     * @param name its name
     * @param type S, N or B
     */
    public record KeySpec(String name, ScalarAttributeType type) {}

    /**
     * An index.
     *
     * @param name       its name, at least three characters
     * @param partition  the attributes of its partition key; for a local index, the table's
     * @param sort       the attributes of its sort key; empty if there is none
     * @param projection the attributes that it contains
     */
    public record IndexSpec(String name, List<KeySpec> partition, List<KeySpec> sort, ProjectionType projection) {

        /**
         * Copies the lists.
         *
         * @param name       its name, at least three characters
         * @param partition  see above
         * @param sort       see above
         * @param projection see above
         */
        public IndexSpec {
            partition = List.copyOf(partition);
            sort = List.copyOf(sort);
        }
    }

    /**
     * Copies the lists.
     *
     * @param partition     the partition key
     * @param sort          the sort key, if there is one
     * @param localIndexes  see above
     * @param globalIndexes see above
     * @param ttlAttribute  see above
     * @param streamView    see above
     */
    public TableSpec {
        localIndexes = List.copyOf(localIndexes);
        globalIndexes = List.copyOf(globalIndexes);
    }

    /**
     * The layout that the component expects by default.
     *
     * @return text keys {@code id} and {@code name}, expiry {@code expires}
     */
    public static TableSpec defaults() {
        return partitionKey("id", ScalarAttributeType.S)
                .sortKey("name", ScalarAttributeType.S)
                .timeToLive("expires");
    }

    /**
     * A table with a partition key and nothing else.
     *
     * @param name the key's name
     * @param type S, N or B
     * @return the table
     */
    public static TableSpec partitionKey(String name, ScalarAttributeType type) {
        return new TableSpec(
                new KeySpec(name, type), Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    /**
     * With a sort key.
     *
     * @param name the key's name
     * @param type S, N or B
     * @return a table like this one
     */
    public TableSpec sortKey(String name, ScalarAttributeType type) {
        Optional<KeySpec> key = Optional.of(new KeySpec(name, type));
        return new TableSpec(partition, key, localIndexes, globalIndexes, ttlAttribute, streamView);
    }

    /**
     * With one more local index.
     *
     * @param index      the index's name, at least three characters
     * @param name       the name of its sort key
     * @param type       S, N or B
     * @param projection the attributes that it contains
     * @return a table like this one
     */
    public TableSpec localIndex(String index, String name, ScalarAttributeType type, ProjectionType projection) {
        IndexSpec added = new IndexSpec(index, List.of(partition), List.of(new KeySpec(name, type)), projection);
        return new TableSpec(partition, sort, plus(localIndexes, added), globalIndexes, ttlAttribute, streamView);
    }

    /**
     * With one more global index, which has a partition key only.
     *
     * @param index      the index's name, at least three characters
     * @param name       the name of its partition key
     * @param type       S, N or B
     * @param projection the attributes that it contains
     * @return a table like this one
     */
    public TableSpec globalIndex(String index, String name, ScalarAttributeType type, ProjectionType projection) {
        return plusGlobal(new IndexSpec(index, List.of(new KeySpec(name, type)), List.of(), projection));
    }

    /**
     * With one more global index, which has a sort key as well.
     *
     * @param index      the index's name, at least three characters
     * @param partition  its partition key
     * @param sort       its sort key
     * @param projection the attributes that it contains
     * @return a table like this one
     */
    public TableSpec globalIndex(String index, KeySpec partition, KeySpec sort, ProjectionType projection) {
        return globalIndex(index, List.of(partition), List.of(sort), projection);
    }

    /**
     * With one more global index, whose keys may consist of several attributes. DynamoDB Local has them from 3.3 on.
     *
     * @param index      the index's name, at least three characters
     * @param partition  the attributes of its partition key, at least one
     * @param sort       the attributes of its sort key; empty for none
     * @param projection the attributes that it contains
     * @return a table like this one
     */
    public TableSpec globalIndex(String index, List<KeySpec> partition, List<KeySpec> sort, ProjectionType projection) {
        return plusGlobal(new IndexSpec(index, partition, sort, projection));
    }

    /**
     * With expiry.
     *
     * @param attribute the attribute with an item's expiry, in seconds since 1970
     * @return a table like this one
     */
    public TableSpec timeToLive(String attribute) {
        return new TableSpec(partition, sort, localIndexes, globalIndexes, Optional.of(attribute), streamView);
    }

    /**
     * With a stream whose records contain the old and the new item.
     *
     * @return a table like this one
     */
    public TableSpec stream() {
        return stream(StreamViewType.NEW_AND_OLD_IMAGES);
    }

    /**
     * With a stream.
     *
     * @param view the content of its records
     * @return a table like this one
     */
    public TableSpec stream(StreamViewType view) {
        return new TableSpec(partition, sort, localIndexes, globalIndexes, ttlAttribute, Optional.of(view));
    }

    private TableSpec plusGlobal(IndexSpec added) {
        return new TableSpec(partition, sort, localIndexes, plus(globalIndexes, added), ttlAttribute, streamView);
    }

    private static List<IndexSpec> plus(List<IndexSpec> indexes, IndexSpec added) {
        List<IndexSpec> all = new ArrayList<>(indexes);
        all.add(added);
        return all;
    }
}
