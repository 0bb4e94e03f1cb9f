import sys

import psycopg2
from together import tell_of

database, count = sys.argv[1], int(sys.argv[2])


def query(_):
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT meet(%s)", [count])
        [arrived] = cursor.fetchone()
    connection.close()
    return arrived


tell_of(query, count)
