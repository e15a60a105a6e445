// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>What <see cref="JsonReader.Read"/> has come to.</summary>
    public enum JsonToken
    {
        /// <summary>Nothing has been read yet.</summary>
        None,

        /// <summary>An object begins.</summary>
        ObjectStart,

        /// <summary>The innermost object ends.</summary>
        ObjectEnd,

        /// <summary>An array begins.</summary>
        ArrayStart,

        /// <summary>The innermost array ends.</summary>
        ArrayEnd,

        /// <summary>A member's name; its value is next.</summary>
        Name,

        /// <summary>A string.</summary>
        String,

        /// <summary>A number: <see cref="JsonReader.TryGetInt64"/>, or <see cref="JsonReader.GetString"/> for its text.</summary>
        Number,

        /// <summary>The literal true.</summary>
        True,

        /// <summary>The literal false.</summary>
        False,

        /// <summary>The literal null.</summary>
        Null,

        /// <summary>The text has ended as it should.</summary>
        End,

        /// <summary>The text is refused: see <see cref="JsonReader.Error"/> and <see cref="JsonReader.Position"/>.</summary>
        Error,
    }

    /// <summary>Why a text is refused.</summary>
    public enum JsonError
    {
        /// <summary>It is not.</summary>
        None,

        /// <summary>It is not JSON (RFC 8259) at this place, or ends too early.</summary>
        Syntax,

        /// <summary>A string holds a control character, a NUL, a bad escape, a lone surrogate, or bytes that are not UTF-8.</summary>
        BadString,

        /// <summary>A name stands twice in an object.</summary>
        DuplicateName,

        /// <summary>Objects and arrays are nested deeper than allowed.</summary>
        TooDeep,

        /// <summary>The objects that are open here have more members than allowed.</summary>
        TooManyMembers,

        /// <summary>Something follows the value.</summary>
        TrailingText,
    }
}
