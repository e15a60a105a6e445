using System.Text.Json.Nodes;

namespace nanoOta.Hub
{
    /// <content>Queries.</content>
    public sealed partial class IotHub
    {
        /// <summary>Asks.</summary>
        /// <param name="text">The query.</param>
        /// <param name="skip">Rows that earlier pages had.</param>
        /// <param name="most">Rows of a page.</param>
        /// <exception cref="HubError">The query is not understood.</exception>
        public QueryPage Ask(string text, int skip, int most)
        {
            Query query;
            try
            {
                query = QueryParser.Query(text);
            }
            catch (QueryException e)
            {
                throw new HubError(400, "ArgumentInvalid", 0, $"BadRequest: {e.Message}");
            }

            lock (_lock)
            {
                List<JsonObject> rows = [.. query.Run(Rows(query.Source)).Skip(skip).Take(most + 1)];
                bool hasMore = rows.Count > most;
                return new QueryPage(query.ItemType, [.. rows.Take(most)], hasMore);
            }
        }

        // What the index shows: not yet the newest devices, and still some that are gone.
        private IEnumerable<QueryRow> Rows(string source)
        {
            DateTime seen = Clock.UtcNow - Options.IndexLag;
            return source switch
            {
                "devices" => _devices.Values.Where(device => device.CreatedAt <= seen).Concat(_ghosts).Select(QueryRow.Of),
                "devices.jobs" => JobRows(),
                _ => [],
            };
        }
    }

    /// <summary>A page of a query's result.</summary>
    /// <param name="ItemType">The header <c>x-ms-item-type</c>.</param>
    /// <param name="Rows">The rows.</param>
    /// <param name="HasMore">Whether there are more.</param>
    public sealed record QueryPage(string ItemType, IReadOnlyList<JsonObject> Rows, bool HasMore);
}
