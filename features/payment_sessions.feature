@payment
Feature: Payment sessions
  A payment session belongs to one order. It shows how the customer pays and whether the payment is completed.
  A payment session has the type "session" or "intent". With "session", the customer pays on the payment provider's page,
  which a checkout link opens. With "intent", the customer pays on the shop's own page. Such a payment intent has no
  checkout link. It has a client secret, which is a key for this one payment. The order's status follows its payment, and
  "nothing else has changed" checks that, too. Some scenarios begin with an unrelated order.

  Background:
    Given Christina has signed in

  Rule: A payment session belongs to one order, and the customer can look it up

    Scenario Outline: A <method> payment session can be looked up by its ID and by its order
      Given Christina has ordered 1 "Product 14" with the payment method "<method>"
      When Christina opens a payment session for the order
      Then Christina finds the payment session by its ID
      And Christina finds the payment session by its order
      And nothing else has changed

      Examples:
        | method |
        | cash   |
        | card   |

    Scenario: Each order has its own payment session
      Given Christina has ordered 1 "Product 14" with the second payment method and opened a payment session
      And Christina has ordered 2 "Product 14" with the second payment method
      When Christina opens a payment session for the newest order
      Then Christina finds the newest payment session by its order
      And Christina finds the first payment session by its order
      And nothing else has changed

    Scenario: Each order has its own payment intent
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      And Christina has opened a payment intent for the order
      And Christina has ordered 2 "Product 14" with the payment method "card"
      When Christina opens a payment intent for the newest order
      Then Christina finds the newest payment intent by its order
      And nothing else has changed

    Scenario: The pages of the list of payment sessions do not overlap
      Given Christina has ordered 1 "Product 14" and opened a payment session
      And Christina has ordered 2 "Product 14" with the second payment method and opened a payment session
      And Christina has ordered 3 "Product 14" and opened a payment session
      When Christina pages through the list of payment sessions, 2 per page
      Then the second page has the next payment sessions and repeats none
      And nothing has changed

    Scenario: Payment sessions of different customers do not affect each other
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in
      And Ben has ordered 2 "Product 14" with the second payment method and opened a payment session
      When Christina opens a payment session for the order
      Then Christina finds the payment session by its order
      And nothing else has changed

    Scenario: A new payment session appears in the customer's list of payment sessions
      Given Christina has ordered 1 "Product 14"
      And Christina has viewed the list of payment sessions
      When Christina opens a payment session for the order
      Then Christina's list of payment sessions shows the payment session
      And nothing else has changed

    Scenario: A new order has no payment session
      When Christina orders 1 "Product 14"
      Then the order has no payment session
      And nothing else has changed

  Rule: The shop offers payment methods, and the chosen one determines how the customer pays

    @severity:critical
    Scenario: A card payment session has a checkout link
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      When Christina opens a payment session for the order
      Then the payment session is waiting for a "card" payment and has a checkout link
      And the order has the same checkout link
      And nothing else has changed

    Scenario: A card payment intent has a client secret
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      When Christina opens a payment intent for the order
      Then the payment intent is waiting for a "card" payment and has a client secret
      And nothing else has changed

    Scenario: The shop offers cash and card as payment methods
      When Christina views the payment methods
      Then the payment methods include "cash" and "card"

  Rule: The status of an order follows its own payment

    @severity:critical @mock_only
    Scenario Outline: A payment session and its order show that the payment is <outcome>
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      And Christina has opened a payment session for the order
      When the payment provider reports the payment as <outcome>
      Then the payment session's status is <outcome>
      And the order's status shows that the payment is <outcome>
      And nothing else has changed

      Examples:
        | outcome   |
        | completed |
        | canceled  |
        | expired   |

    @mock_only
    Scenario: A payment session shows that it is paid, even if it was viewed before
      Given Christina has ordered 1 "Product 14" with the payment method "card" and opened a payment session
      And Christina has viewed the payment session
      When the payment provider reports the payment as completed
      Then the payment session's status is completed
      And Christina finds the payment session by its order
      And nothing else has changed

    @mock_only
    Scenario Outline: A payment that is <outcome> does not change another customer's order
      Given Ben has signed in
      And Ben has ordered 1 "Product 14" with the payment method "card" and opened a payment session
      And Christina has ordered 2 "Product 14" with the payment method "card" and opened a payment session
      When the payment provider reports Christina's payment as <outcome>
      Then the payment session's status is <outcome>
      And nothing else has changed

      Examples:
        | outcome   |
        | completed |
        | canceled  |

    @mock_only
    Scenario: A completed payment does not change the customer's other orders
      Given Christina has ordered 2 "Product 14" with the payment method "card"
      And Christina has ordered 1 "Product 14" with the payment method "card" and opened a payment session
      When the payment provider reports the payment as completed
      Then the payment session's status is completed
      And Christina sees the other order as it was confirmed
      And nothing else has changed

  Rule: Only the customer who placed an order can open or view its payment session
    Ben first succeeds with an order that Ben placed. So a refusal has only one reason: the order is Christina's.

    @severity:critical @undocumented
    Scenario: A customer cannot open a payment session for another customer's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and opened a payment session for it
      When Ben tries to open a payment session for Christina's order
      Then the shop refuses the request
      And nothing has changed

    @severity:critical @undocumented
    Scenario: A customer cannot view the payment session of another customer's order
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      And Ben has signed in, ordered 1 "Product 14" and viewed its payment session
      When Ben tries to view the payment session of Christina's order
      Then the shop refuses the request or shows no payment session
      And nothing has changed

    @severity:critical @undocumented
    Scenario: A customer cannot look up another customer's payment session by its ID
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      And Ben has signed in, ordered 1 "Product 14" and looked up its payment session by ID
      When Ben tries to look up Christina's payment session by its ID
      Then the shop refuses the request
      And nothing has changed

    @severity:critical @undocumented
    Scenario: A customer's list of payment sessions shows no other customer's payment session
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and found its payment session in the list
      When Christina opens a payment session for the order
      Then Ben's list of payment sessions does not show Christina's payment session
      And nothing else has changed

    @undocumented
    Scenario: Opening a payment session without signing in is refused
      Given Christina has ordered 1 "Product 14"
      When a visitor tries to open a payment session for Christina's order
      Then the shop denies the visitor access
      And nothing has changed

  Rule: A payment session needs an existing order and a known type

    @undocumented
    Scenario: Opening a payment session for an order that does not exist is refused
      When Christina tries to open a payment session for an order that does not exist
      Then the shop refuses the request
      And nothing has changed

    @undocumented
    Scenario: Opening a payment session of an unknown type is refused
      Given Christina has ordered 1 "Product 14" and opened a payment session
      And Christina has ordered 2 "Product 14"
      When Christina tries to open a payment session of an unknown type for the newest order
      Then the shop refuses the request
      And nothing has changed
