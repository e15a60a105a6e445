// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

#include "managed.h"
#include "nanoota_aes.h"
#include "nanoota_rs256.h"
#include "rs256_vectors.h"

namespace {

using Bytes = std::vector<uint8_t>;

constexpr int32_t state_length = NOTA_SHA256_STATE_LENGTH;

HRESULT call(Method method, std::vector<FakeArgument> arguments)
{
    int32_t result = 0;
    return managed_try(method, std::move(arguments), result);
}

HRESULT append(Bytes &state, int32_t at, Bytes &data, int32_t offset, int32_t count)
{
    return call(Method::Append, {self(), array(state), number(at), array(data), number(offset), number(count)});
}

HRESULT finish(Bytes &state, int32_t at, Bytes &digest, int32_t digest_at)
{
    return call(Method::Finish, {self(), array(state), number(at), array(digest), number(digest_at)});
}

Bytes digest_of(const Bytes &message)
{
    nota_sha256 sha;
    Bytes digest(NOTA_SHA256_DIGEST_LENGTH);
    nota_sha256_start(&sha);
    nota_sha256_append(&sha, message.data(), message.size());
    nota_sha256_finish(&sha, digest.data());
    return digest;
}

Bytes from_hex(const char *text)
{
    Bytes bytes;
    for (; *text != 0; text += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(text, 2), nullptr, 16)));
    }

    return bytes;
}

TEST(Hasher, TakesAMessageInPiecesAndLeavesZeros)
{
    std::mt19937 random{3};
    for (int round = 0; round < 50; round++) {
        Bytes message(random() % 600);
        std::generate(message.begin(), message.end(), [&] { return static_cast<uint8_t>(random()); });
        Bytes state(7 + state_length + 2); // somewhere in a larger record, at an odd offset
        for (size_t at = 0; at < message.size();) {
            auto take = static_cast<int32_t>(std::min<size_t>(random() % 200, message.size() - at));
            ASSERT_EQ(append(state, 7, message, static_cast<int32_t>(at), take), S_OK);
            at += static_cast<size_t>(take);
        }

        Bytes digest(40, 0xEE);
        ASSERT_EQ(finish(state, 7, digest, 3), S_OK);
        EXPECT_EQ(Bytes(digest.begin() + 3, digest.begin() + 35), digest_of(message));
        EXPECT_EQ(digest[2], 0xEE);
        EXPECT_EQ(digest[35], 0xEE);
        EXPECT_EQ(state, Bytes(state.size(), 0));
    }
}

TEST(Hasher, WrongArgumentsAreExceptionsAndChangeNothing)
{
    Bytes state(state_length + 4, 0x11);
    Bytes data(64, 0x22);
    Bytes digest(32 + 4, 0x33);
    const Bytes state_before = state;
    const Bytes digest_before = digest;
    const int32_t most = INT32_MAX;
    EXPECT_EQ(call(Method::Append, {self(), null_array(), number(0), array(data), number(0), number(1)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::Append, {self(), array(state), number(0), null_array(), number(0), number(0)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::Append, {self(), number(0), number(0), array(data), number(0), number(1)}), CLR_E_WRONG_TYPE);
    EXPECT_EQ(call(Method::Finish, {self(), null_array(), number(0), array(digest), number(0)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::Finish, {self(), array(state), number(0), null_array(), number(0)}), CLR_E_NULL_REFERENCE);
    for (int32_t at : {-1, 5, state_length, most, INT32_MIN}) {
        EXPECT_EQ(append(state, at, data, 0, 1), CLR_E_OUT_OF_RANGE) << at;
        EXPECT_EQ(finish(state, at, digest, 0), CLR_E_OUT_OF_RANGE) << at;
        EXPECT_EQ(finish(state, 0, digest, at), CLR_E_OUT_OF_RANGE) << at;
    }

    const int32_t ranges[][2] = {{-1, 1}, {0, -1}, {0, 65}, {64, 1}, {65, 0}, {1, 64}, {most, most}, {most, 1}, {1, most}, {INT32_MIN, 4}};
    for (const int32_t *range : ranges) {
        EXPECT_EQ(append(state, 0, data, range[0], range[1]), CLR_E_OUT_OF_RANGE) << range[0] << ' ' << range[1];
    }

    Bytes small(state_length - 1);
    Bytes nothing;
    EXPECT_EQ(append(small, 0, data, 0, 1), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(append(nothing, 0, data, 0, 1), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(finish(small, 0, digest, 0), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(finish(state, 0, nothing, 0), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(state, state_before);
    EXPECT_EQ(digest, digest_before);
    EXPECT_EQ(append(state, 4, data, 64, 0), S_OK) << "The last offset of all, and nothing to take.";
}

struct Signed {
    Bytes modulus;
    uint32_t exponent;
    Bytes signature;
    Bytes digest;
    std::vector<unsigned int> work = std::vector<unsigned int>(sizeof(nota_rsa_work) / 4, 0xA5A5A5A5U);

    explicit Signed(const Rs256Vector &vector)
        : modulus(from_hex(vector.modulus)), exponent(vector.exponent), signature(from_hex(vector.signature)), digest(digest_of({'a', 'b', 'c'}))
    {
    }

    std::vector<FakeArgument> arguments()
    {
        return {array(modulus), number(static_cast<int32_t>(exponent)), array(signature), array(digest), word_array(work)};
    }
};

TEST(RsaVerifier, TakesEachVectorAndNoneThatIsChanged)
{
    for (const Rs256Vector &vector : rs256_vectors) {
        Signed right(vector);
        EXPECT_EQ(managed(Method::Verify, right.arguments()), 1);
        right.digest[31] ^= 1;
        EXPECT_EQ(managed(Method::Verify, right.arguments()), 0);
        Signed changed(vector);
        changed.signature[100] ^= 1;
        EXPECT_EQ(managed(Method::Verify, changed.arguments()), 0);
    }
}

TEST(RsaVerifier, AnyKeyAndSignatureOfAnyLengthIsAnswered)
{
    for (size_t modulus : {0U, 1U, 255U, 256U, 257U, 512U, 513U, 1024U}) {
        for (size_t signature : {0U, 1U, 256U, 512U, 1024U}) {
            for (uint32_t exponent : {0U, 1U, 2U, 3U, 0x80000001U, 0xFFFFFFFFU}) {
                Signed any(rs256_vectors[0]);
                any.modulus.assign(modulus, 0xFF);
                any.signature.assign(signature, 0x01);
                any.exponent = exponent;
                EXPECT_EQ(managed(Method::Verify, any.arguments()), 0) << modulus << ' ' << signature << ' ' << exponent;
            }
        }
    }
}

TEST(RsaVerifier, WrongArgumentsAreExceptions)
{
    for (size_t index : {0U, 2U, 3U, 4U}) {
        Signed any(rs256_vectors[0]);
        std::vector<FakeArgument> arguments = any.arguments();
        arguments[index] = null_array();
        EXPECT_EQ(call(Method::Verify, arguments), CLR_E_NULL_REFERENCE) << index;
        arguments[index] = number(1);
        EXPECT_EQ(call(Method::Verify, arguments), CLR_E_WRONG_TYPE) << index;
    }

    Signed digest(rs256_vectors[0]);
    digest.digest.pop_back();
    EXPECT_EQ(call(Method::Verify, digest.arguments()), CLR_E_OUT_OF_RANGE);
    Signed work(rs256_vectors[0]);
    work.work.pop_back();
    EXPECT_EQ(call(Method::Verify, work.arguments()), CLR_E_OUT_OF_RANGE);
}

HRESULT crypt(Bytes &key, Bytes &counter, int32_t position, Bytes &data, int32_t offset, int32_t count)
{
    return call(Method::Crypt, {self(), array(key), array(counter), number(position), array(data), number(offset), number(count)});
}

TEST(Aes, CryptsARangeOfAnArrayFromAPositionOn)
{
    Bytes key(32, 7);
    Bytes counter(16, 0xFF);
    Bytes text(100);
    std::iota(text.begin(), text.end(), uint8_t{0});
    nota_aes aes;
    ASSERT_TRUE(nota_aes_start(&aes, key.data(), key.size()));
    Bytes whole = text;
    nota_aes_crypt(&aes, counter.data(), 0, whole.data(), whole.size());
    Bytes part = text;
    ASSERT_EQ(managed(Method::Crypt, {self(), array(key), array(counter), number(21), array(part), number(21), number(50)}), 1);
    EXPECT_EQ(Bytes(part.begin() + 21, part.begin() + 71), Bytes(whole.begin() + 21, whole.begin() + 71));
    EXPECT_EQ(Bytes(part.begin(), part.begin() + 21), Bytes(text.begin(), text.begin() + 21));
    EXPECT_EQ(Bytes(part.begin() + 71, part.end()), Bytes(text.begin() + 71, text.end()));
    Bytes block(20, 9);
    Bytes expected = block;
    nota_aes_decrypt(&aes, expected.data());
    ASSERT_EQ(managed(Method::DecryptBlock, {self(), array(key), array(block)}), 1);
    EXPECT_EQ(block, expected);
}

TEST(Aes, KeysOfAnotherLengthAreAnsweredAndChangeNothing)
{
    for (size_t length : {0U, 1U, 15U, 24U, 33U, 64U}) {
        Bytes key(length, 1);
        Bytes counter(16);
        Bytes data(40, 3);
        EXPECT_EQ(managed(Method::Crypt, {self(), array(key), array(counter), number(0), array(data), number(0), number(40)}), 0) << length;
        EXPECT_EQ(managed(Method::DecryptBlock, {self(), array(key), array(data)}), 0) << length;
        EXPECT_EQ(data, Bytes(40, 3));
    }
}

TEST(Aes, WrongArgumentsAreExceptionsAndChangeNothing)
{
    Bytes key(16, 1);
    Bytes counter(16);
    Bytes data(64, 0x22);
    const Bytes before = data;
    Bytes small(15);
    const int32_t most = INT32_MAX;
    EXPECT_EQ(call(Method::Crypt, {self(), null_array(), array(counter), number(0), array(data), number(0), number(1)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::Crypt, {self(), array(key), null_array(), number(0), array(data), number(0), number(1)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::Crypt, {self(), array(key), array(counter), number(0), null_array(), number(0), number(0)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::DecryptBlock, {self(), null_array(), array(data)}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::DecryptBlock, {self(), array(key), null_array()}), CLR_E_NULL_REFERENCE);
    EXPECT_EQ(call(Method::DecryptBlock, {self(), array(key), array(small)}), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(crypt(key, small, 0, data, 0, 1), CLR_E_OUT_OF_RANGE);
    EXPECT_EQ(crypt(key, counter, -1, data, 0, 1), CLR_E_OUT_OF_RANGE);
    const int32_t ranges[][2] = {{-1, 1}, {0, -1}, {0, 65}, {64, 1}, {65, 0}, {1, 64}, {most, most}, {most, 1}, {1, most}, {INT32_MIN, 4}};
    for (const int32_t *range : ranges) {
        EXPECT_EQ(crypt(key, counter, 0, data, range[0], range[1]), CLR_E_OUT_OF_RANGE) << range[0] << ' ' << range[1];
    }

    EXPECT_EQ(data, before);
    EXPECT_EQ(crypt(key, counter, most, data, 64, 0), S_OK) << "The last of all, and nothing to do.";
}

} // namespace
