@sign_in
Feature: Signing in and out
  Customers sign in with their user name and password. A sign-in ends after a while, can be renewed
  before and after that, and ends at once when the customer signs out.

  Rule: Only registered customers get in

    @severity:critical
    Scenario: A registered customer signs in
      When Christina signs in
      Then the shop knows Christina
      And nothing else has changed

    @severity:critical @undocumented
    Scenario Outline: Nobody gets in with <mistake>
      Given Ben has signed in on another device
      And Ben has looked at the devices
      When Ben tries to sign in with <mistake>
      Then the shop refuses
      And Ben is signed in on as many devices as before
      And nothing else has changed

      Examples:
        | mistake              |
        | a wrong password     |
        | an unknown user name |

    Scenario Outline: Signing in takes more than <mistake>
      Given Christina has signed in on another device
      When Christina tries to sign in with <mistake>
      Then the shop refuses, saying "Login or password values are missed"
      And nothing else has changed

      Examples:
        | mistake            |
        | an empty password  |
        | an empty user name |

    Scenario: Customers sign in only where the shop lets them
      Given Christina has signed in on another device
      When Christina tries to sign in with an unknown provider
      Then the shop finds a mistake in it
      And nothing else has changed

    Scenario: An application that the shop does not know is shut out
      Given Christina has signed in on another device
      When Christina tries to sign in through an application that the shop does not know
      Then the shop refuses, saying "Resource is closed"
      And nothing else has changed

    @undocumented
    Scenario: A visitor who never signed in is not a customer
      When a visitor tries to go on
      Then the shop turns the visitor away

  Rule: A sign-in ends by itself and can be renewed

    Scenario: Renewing a sign-in gives new tokens
      Given Christina has signed in
      When Christina renews the sign-in
      Then both tokens are new
      And the shop knows Christina
      And nothing else has changed

    Scenario: A renewed sign-in lasts as long as the first
      Given Christina has signed in
      When Christina renews the sign-in
      Then both sign-ins last as long as the shop says
      And nothing else has changed

    Scenario: Renewing a sign-in leaves other sign-ins as they are
      Given Christina has signed in
      And Ben has signed in
      And Ben has signed in on another device
      When Ben renews the sign-in
      Then the shop knows Ben
      And nothing else has changed

    Scenario: Renewing a sign-in does not count as another device
      Given Christina has signed in
      And Christina has signed in on another device
      And Christina has looked at the devices
      When Christina renews the sign-in
      Then Christina is signed in on as many devices as before
      And nothing else has changed

    @severity:critical
    Scenario: A sign-in is renewed only once
      Given Christina has signed in
      And Christina has renewed the sign-in
      When Christina tries to renew the first sign-in again
      Then the shop finds a mistake in it
      And nothing else has changed

    @mock_only
    Scenario: A sign-in is over after its time
      Given Christina has signed in
      And so much time has passed that the sign-in is over
      When Christina tries to go on
      Then the shop asks to sign in
      And nothing else has changed

    @mock_only
    Scenario: A sign-in that is over can be renewed
      Given Christina has signed in
      And so much time has passed that the sign-in is over
      When Christina renews the sign-in
      Then the shop knows Christina
      And nothing else has changed

  Rule: Signing out ends a sign-in at once

    @severity:critical
    Scenario: Whoever has signed out is out
      Given Christina has signed in
      And Christina has signed out
      When Christina tries to go on
      Then the shop asks to sign in
      And nothing else has changed

    Scenario: A sign-in that was ended cannot be renewed
      Given Christina has signed in
      And Ben has signed in
      And Ben has signed out
      When Ben tries to renew the first sign-in again
      Then the shop finds a mistake in it
      And nothing else has changed

    Scenario: A sign-in that was ended everywhere cannot be renewed
      Given Ben has signed in
      And Ben has signed out everywhere
      When Ben tries to renew the first sign-in again
      Then the shop finds a mistake in it
      And nothing else has changed

    Scenario: Signing out leaves the other devices signed in
      Given Christina has signed in
      And Christina has signed in on another device
      And Christina has begun to pay for 1 "Product 14" by another account if there is one
      When Christina signs out on one device
      Then the shop knows Christina on the other device
      And nothing else has changed

    Scenario Outline: Signing out <where> leaves other customers signed in
      Given Christina has signed in
      And Ben has signed in
      And Christina has begun to pay for 1 "Product 14" by another account if there is one
      When Ben signs out <where>
      Then the shop knows Christina
      And nothing else has changed

      Examples:
        | where         |
        | on one device |
        | everywhere    |

    Scenario: Signing out everywhere reaches the other devices
      Given Ben has signed in
      And Ben has signed in on another device
      And Ben has signed out everywhere
      When Ben tries to go on with the other device
      Then the shop asks to sign in
      And nothing else has changed

    Scenario: Customers see on how many devices they are signed in
      Given Christina has signed in on another device
      And Christina has looked at the devices
      When Christina signs in
      Then Christina is signed in on one device more
      And nothing else has changed

    Scenario: Signing in again on the same device does not count twice
      Given Christina has signed in on another device
      And Christina has looked at the devices
      When Christina signs in again on the other device
      Then Christina is signed in on as many devices as before
      And nothing else has changed
