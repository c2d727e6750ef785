"""The index of names: which words there are, what they sound like, and who bears them. Derived from `registry_name`.

The application's role reads none of these tables. It asks functions of the database, which show the caller only persons
whose files it sees (ADR 0026): the operator by which arrays are searched is not leakproof, so under row-level security the
index could not be used.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from panoh.registry.models.persons import Person


class Word(models.Model):
    """A word of names, as `identity.words` writes it, and how many persons bore it when they were last counted."""

    id = models.AutoField(primary_key=True)
    word = models.CharField(max_length=40, unique=True)
    sound = models.CharField(max_length=40, help_text="its first key, for comparing whole registers")
    bearers = models.PositiveIntegerField(default=0)

    class Meta:
        db_table_comment = "Words of names, each once, with the number of bearers at the last count."


class WordKey(models.Model):
    """What a word sounds like (`identity.keys`), with the version of the keys."""

    pk = models.CompositePrimaryKey("key", "version", "word")
    key = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="keys", db_index=False)

    class Meta:
        db_table_comment = "Sound keys of words, for search by equality."
        indexes = [models.Index(fields=["word"], name="wordkey_word")]


class WordCount(models.Model):
    """One row: how many persons and words of names the last count found."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    persons = models.PositiveIntegerField(default=0)
    words = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "The last count of the words of names: one row."
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="wordcount_one_row")]


class NameIndex(models.Model):
    """The words that a person is found by, as numbers: of the names, of the fathers' names, and the possible years of birth.

    A word of a name is its id, one of a father's or grandfather's name its id + FATHER, a year of birth the year below zero.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="name_index")
    terms = ArrayField(models.IntegerField())
    version = models.PositiveSmallIntegerField()

    class Meta:
        db_table_comment = "Words of persons' names as numbers, for search; derived from registry_name."
        indexes = [GinIndex(fields=["terms"], name="nameindex_terms", fastupdate=False)]
